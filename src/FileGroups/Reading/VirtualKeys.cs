using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Record keys of a table whose meta columns are empty (hoodie.populate.meta.fields=false): computed from the data columns, of base files and of log blocks alike
/// (RecordContext.getVirtualRecordKey), whose delete blocks hold them as they are.
/// </summary>
/// <param name="Columns">The columns that they are computed from.</param>
/// <param name="Of">The keys of rows that have these columns.</param>
internal sealed record VirtualKeys(IReadOnlyList<string> Columns, Func<RecordBatch, StringArray> Of);
