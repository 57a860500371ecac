using Apache.Arrow;
using OllaLab.Lakehouse.Schemas.Casts;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// Turns a caller's batches into batches of exactly the table's Arrow schema: columns by name in any order, nullable ones may be missing (null), text and lists of any layout,
/// integers of any width, timestamps of other units and zones; never with a loss. Meta columns are ignored.
/// </summary>
internal sealed class InputCast
{
    private static readonly CastRules s_rules = new(true);
    private readonly CastRules.RowCount _rows = new();
    private readonly TableSchema _table;
    private readonly int[] _sources;
    private readonly ArrayCast?[] _casts;
    private readonly Func<int, ArrayData>?[] _fills;

    private InputCast(Schema input, TableSchema table)
    {
        _table = table;
        var wanted = table.Arrow.FieldsList;
        (_sources, _casts, _fills) = (new int[wanted.Count], new ArrayCast?[wanted.Count], new Func<int, ArrayData>?[wanted.Count]);
        var places = Places(input, table);
        var rules = s_rules with { Rows = _rows };
        for (int i = 0; i < wanted.Count; i++)
        {
            var field = wanted[i];
            var avro = table.Root.Fields[i];
            if (places.Remove(field.Name, out int place))
            {
                _sources[i] = place;
                _casts[i] = Cast.Create(input.FieldsList[place], field, avro.Type, field.Name, rules);
            }
            else
            {
                _sources[i] = -1;
                _fills[i] = MissingColumn.Fill(field, avro, field.Name, rules);
            }
        }

        if (places.Count > 0)
        {
            throw s_rules.Column(places.Keys.First(), "is not one of the table's", "Leave it out, or add it to the table's schema");
        }
    }

    /// <summary>Works out the conversion for batches of one schema.</summary>
    /// <exception cref="LakehouseException">InvalidInput: an unknown, repeated or missing column, or a type that cannot become the table's; names the column.</exception>
    public static InputCast Create(Schema input, TableSchema table) => new(input, table);

    /// <summary>One batch. Unchanged columns are shared (by reference count): the argument and the result are disposed each for itself. For one thread.</summary>
    /// <param name="batch">Rows of the schema that this was created for.</param>
    /// <param name="firstRow">How many rows of the input came before, for row numbers in errors, which count from 1.</param>
    /// <exception cref="LakehouseException">InvalidInput: a value that does not fit or a null where none may be; names column and row.</exception>
    public RecordBatch Apply(RecordBatch batch, long firstRow = 0)
    {
        _rows.Before = firstRow;
        var columns = new IArrowArray[_sources.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            var data = _sources[i] < 0 ? null : batch.Column(_sources[i]).Data;
            if (data is not null && data.Length != batch.Length)
            {
                throw s_rules.Column(_table.Arrow.FieldsList[i].Name, $"has {data.Length} rows, but the batch has {batch.Length}");
            }

            columns[i] = ArrowArrayFactory.BuildArray(data is null ? _fills[i]!(batch.Length) : _casts[i] is { } cast ? cast(data) : data.Retain());
        }

        return new RecordBatch(_table.Arrow, columns, batch.Length);
    }

    private static Dictionary<string, int> Places(Schema input, TableSchema table)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < input.FieldsList.Count; i++)
        {
            var name = input.FieldsList[i].Name;
            if (MetaColumns.IsReserved(name) && !table.Arrow.FieldsLookup.Contains(name))
            {
                continue;
            }

            if (!places.TryAdd(name, i))
            {
                throw s_rules.Column(name, "is there twice", "Leave one of them out");
            }
        }

        return places;
    }
}
