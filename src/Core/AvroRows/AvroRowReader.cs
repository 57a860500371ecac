using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Decodes records of one writer's schema straight into Arrow columns. Columns not asked for are passed over, and all that follows the last one asked for is not looked at.</summary>
internal sealed class AvroRowReader
{
    private readonly AvroStep[] _steps;
    private readonly bool _readsWhole;
    private readonly ColumnBuilder[] _builders;

    /// <param name="writer">The schema that the records were written with.</param>
    /// <param name="columns">The top-level fields to read, in the order wanted; all of them in <paramref name="writer"/>.</param>
    /// <param name="keyField">The text field whose value, where empty, is the key that is given with each record; null: there is none.</param>
    public AvroRowReader(AvroType writer, IReadOnlyList<string> columns, string? keyField = null)
    {
        Schema = SchemaOf(writer, columns);
        _builders = ColumnBuilders.Create(Schema);
        var steps = new List<AvroStep>();
        int last = 0;
        foreach (var field in writer.Fields)
        {
            int column = IndexOf(columns, field.Name);
            bool isKey = field.Name == keyField && field.Type.Kind == AvroKind.String;
            steps.Add(column < 0 ? AvroSkip.Create(field.Type) : isKey ? AvroColumns.CreateKey(field.Type, _builders[column]) : AvroColumns.Create(field.Type, _builders[column]));
            last = column >= 0 ? steps.Count : last;
        }

        _readsWhole = last == writer.Fields.Count;
        _steps = [.. steps.Take(last)];
    }

    /// <summary>The columns read.</summary>
    public Schema Schema { get; }

    /// <summary>Records read since the last <see cref="Finish"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>The Arrow form of some fields of a writer's schema.</summary>
    public static Schema SchemaOf(AvroType writer, IEnumerable<string> columns) => new(
        columns.Select(name => writer.Fields.First(f => f.Name == name)).Select(f => AvroToArrow.Field(f.Name, f.Type, f.Name)), null);

    /// <summary>Reads one record.</summary>
    /// <exception cref="LakehouseException">Corrupt: the bytes are no such record. The reader cannot be used any more.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ReadOnlySpan<byte> record, ReadOnlySpan<byte> key = default)
    {
        var input = new AvroInput(record, key);
        foreach (var step in _steps)
        {
            step.Read(ref input);
        }

        if (_readsWhole && input.Remaining != 0)
        {
            throw AvroInput.Bad($"{input.Remaining} bytes follow its last field");
        }

        Rows++;
    }

    /// <summary>The records read so far as a batch, which the caller disposes; the reader goes on with the next one.</summary>
    public RecordBatch Finish()
    {
        var batch = new RecordBatch(Schema, _builders.Select(b => b.Build()), Rows);
        Rows = 0;
        return batch;
    }

    private static int IndexOf(IReadOnlyList<string> columns, string name)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
