using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Logs;

/// <summary>How records of one schema become the columns wanted. Columns that are not wanted need have no Arrow form. Keeps the memory of its columns from block to block.</summary>
internal sealed class RowPlan
{
    private readonly TableSchema _table;
    private readonly Schema _wanted;
    private readonly string? _keyField;
    private readonly IReadOnlyDictionary<string, string?>? _sources;
    private readonly SchemaProjection _projection;

    public RowPlan(AvroType writer, TableSchema table, Schema wanted, string? keyField, string? instant)
    {
        (_table, _wanted, _keyField, _sources) = (table, wanted, keyField, Sources(table, instant));
        var names = wanted.FieldsList.Select(f => _sources is not null && _sources.TryGetValue(f.Name, out var source) ? source : f.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        _projection = SchemaProjection.Create(AvroRowReader.SchemaOf(writer, writer.Fields.Select(f => f.Name).Where(names.Contains)), wanted, table, instant: instant);
        Rows = new AvroRowReader(writer, [.. _projection.FileColumns.Distinct()], keyField);
    }

    public AvroRowReader Rows { get; }

    public bool Serves(TableSchema table, Schema wanted, string? keyField, string? instant) =>
        ReferenceEquals(_table, table) && ReferenceEquals(_wanted, wanted) && _keyField == keyField && ReferenceEquals(_sources, Sources(table, instant));

    /// <summary>The rows read so far in the columns wanted, which the caller disposes.</summary>
    /// <param name="block">Where they are from, for errors.</param>
    public RecordBatch Finish(LogBlock block)
    {
        var batch = Rows.Finish();
        if (_projection.IsIdentity)
        {
            return batch;
        }

        using (batch)
        {
            try
            {
                return _projection.Apply(batch);
            }
            catch (LakehouseException e)
            {
                throw LogFormat.At(block, e);
            }
        }
    }

    private static IReadOnlyDictionary<string, string?>? Sources(TableSchema table, string? instant) => instant is null ? null : table.Evolution?.NamesAt(instant);
}
