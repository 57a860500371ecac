using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Logs;

/// <summary>The deletes of one block, in the order they were written.</summary>
internal sealed class LogDeletes
{
    private readonly BinaryArray _orderings;

    /// <param name="orderings">The encoded ordering value of each, branch first.</param>
    internal LogDeletes(BytesBuilder keys, BytesBuilder partitionPaths, BytesBuilder orderings)
    {
        Keys = (StringArray)keys.Build();
        PartitionPaths = (StringArray)partitionPaths.Build();
        _orderings = (BinaryArray)orderings.Build();
    }

    public int Count => Keys.Length;

    public StringArray Keys { get; }

    public StringArray PartitionPaths { get; }

    /// <summary>Whether a delete has no ordering value (none, or the int 0 that stands for none) and so applies to all that was written before it.</summary>
    public bool IsCommitTime(int row)
    {
        var input = new AvroInput(_orderings.GetBytes(row));
        return OrderingValue.Read(ref input, isItem: false).IsDefault;
    }

    /// <summary>
    /// The ordering values as one array for each ordering field, in the type that the field has in the table. Null where <see cref="IsCommitTime"/>, and where the stored value has
    /// no counterpart in that type or not as many parts as there are fields: Hudi compares values of one class only, and otherwise the delete wins.
    /// </summary>
    /// <param name="orderingFields">Names of columns; of fields within records with dots.</param>
    public IArrowArray[] OrderingAs(TableSchema table, IReadOnlyList<string> orderingFields)
    {
        var columns = orderingFields.Select(f => new OrderingColumn(OrderingColumn.TypeOf(table, f))).ToArray();
        for (int row = 0; row < Count; row++)
        {
            Append(_orderings.GetBytes(row), columns);
        }

        return [.. columns.Select(c => c.Builder.Build())];
    }

    private static void Append(ReadOnlySpan<byte> encoded, OrderingColumn[] columns)
    {
        var input = new AvroInput(encoded);
        var value = OrderingValue.Read(ref input, isItem: false);
        if (value.Branch == OrderingBranch.Array && input.ReadInt() != 0 && input.ReadBlockCount() == columns.Length)
        {
            foreach (var column in columns)
            {
                column.Append(OrderingValue.Read(ref input, isItem: true));
            }

            return;
        }

        bool isOne = columns.Length == 1 && !value.IsDefault && value.Branch != OrderingBranch.Array;
        foreach (var column in columns)
        {
            if (isOne)
            {
                column.Append(value);
            }
            else
            {
                column.Builder.AppendNull();
            }
        }
    }
}
