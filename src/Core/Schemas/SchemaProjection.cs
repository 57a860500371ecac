using Apache.Arrow;
using OllaLab.Lakehouse.Schemas.Casts;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// What a reader does to each batch of a file so that it has the wanted columns: reorder, drop, fill what the file lacks (Avro default, else null) and promote what has an earlier type,
/// as Hudi's schema evolution does, also within structs, lists and maps.
/// </summary>
internal sealed class SchemaProjection
{
    private readonly TableSchema? _table;
    private readonly CastRules _rules;
    private Schema _source;
    private Plan _plan;

    private SchemaProjection(Schema file, Schema wanted, TableSchema? table, CastRules rules)
    {
        (Wanted, _table, _rules, _source) = (wanted, table, rules, file);
        _plan = new Plan(file, wanted, table, rules);
    }

    /// <summary>The schema of what <see cref="Apply"/> returns.</summary>
    public Schema Wanted { get; }

    /// <summary>Whether batches pass unchanged.</summary>
    public bool IsIdentity => _plan.IsIdentity;

    /// <summary>The columns of the file that are needed, in the order wanted: ask the reader for these only.</summary>
    public IReadOnlyList<string> FileColumns => _plan.Columns;

    /// <summary>From a file to a table's schema.</summary>
    /// <exception cref="LakehouseException">Unsupported: a column of the file cannot become the type wanted; names the column and both types.</exception>
    public static SchemaProjection Create(Schema file, TableSchema wanted, bool withMetaColumns = false, string? path = null, string? instant = null) =>
        Create(file, withMetaColumns ? wanted.ArrowWithMeta : wanted.Arrow, wanted, path, instant);

    /// <summary>From a file to any columns.</summary>
    /// <param name="table">Where defaults of missing columns are looked up; null: missing columns are null.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="instant">Which write the file is of: tells the names that it has for columns of a table with <see cref="TableSchema.Evolution"/>. Null: the table's own names.</param>
    /// <exception cref="LakehouseException">Unsupported: a column of the file cannot become the type wanted; names the column and both types.</exception>
    public static SchemaProjection Create(Schema file, Schema wanted, TableSchema? table = null, string? path = null, string? instant = null) =>
        new(file, wanted, table, new CastRules(false, path, instant is null ? null : table?.Evolution?.NamesAt(instant)));

    /// <summary>The batch with the wanted columns. Unchanged columns are shared (by reference count), so that the argument and the result are disposed each for itself, in any order.</summary>
    /// <param name="batch">Columns of the file in any order, at least <see cref="FileColumns"/>; dictionary-encoded ones are decoded.</param>
    public RecordBatch Apply(RecordBatch batch)
    {
        if (!ReferenceEquals(batch.Schema, _source))
        {
            _plan = new Plan(batch.Schema, Wanted, _table, _rules);
            _source = batch.Schema;
        }

        return _plan.Apply(batch, Wanted);
    }

    private sealed class Plan
    {
        private readonly int[] _sources;
        private readonly ArrayCast?[] _casts;
        private readonly Func<int, ArrayData>?[] _fills;

        public Plan(Schema source, Schema wanted, TableSchema? table, CastRules rules)
        {
            int count = wanted.FieldsList.Count;
            (_sources, _casts, _fills) = (new int[count], new ArrayCast?[count], new Func<int, ArrayData>?[count]);
            IsIdentity = source.FieldsList.Count == count;
            var columns = new List<string>();
            for (int i = 0; i < count; i++)
            {
                var field = wanted.FieldsList[i];
                var avro = table?.Root.Fields.FirstOrDefault(f => f.Name == field.Name);
                _sources[i] = rules.SourceName(field.Name, field.Name) is { } name ? source.GetFieldIndex(name) : -1;
                if (_sources[i] >= 0)
                {
                    var from = source.FieldsList[_sources[i]];
                    columns.Add(from.Name);
                    _casts[i] = Cast.Create(from, field, avro?.Type, field.Name, rules);
                }
                else
                {
                    _fills[i] = MissingColumn.Fill(field, avro, field.Name, rules);
                }

                IsIdentity &= _sources[i] == i && _casts[i] is null;
            }

            Columns = columns;
        }

        public bool IsIdentity { get; }

        public IReadOnlyList<string> Columns { get; }

        public RecordBatch Apply(RecordBatch batch, Schema wanted)
        {
            var columns = new IArrowArray[_sources.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                var data = _sources[i] < 0 ? null : batch.Column(_sources[i]).Data;
                columns[i] = ArrowArrayFactory.BuildArray(data is null ? _fills[i]!(batch.Length) : _casts[i] is { } cast ? cast(data) : data.Retain());
            }

            return new RecordBatch(wanted, columns, batch.Length);
        }
    }
}
