using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Finds the file groups of the rows that a condition asks for by their record keys, in the record index (RecordLevelIndexSupport), or by a text, in a secondary index of its column
/// (SecondaryIndexSupport). A table with a record index is taken to hold each key once, as Hudi takes it.
/// </summary>
internal sealed class KeySkipping(IMetadataReader metadata, TableConfig config, TableSchema schema)
{
    /// <returns>Null: the condition asks for no certain keys, or the table has no index of them.</returns>
    public async ValueTask<IReadOnlyList<FileSlice>?> KeepAsync(Predicate condition, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        if (!metadata.Has(MetadataPartitions.RecordIndex)
            || metadata is not MetadataTable table
            || (KeyCondition.Find(condition, config, schema) ?? await FindBySecondaryAsync(table, condition, cancellationToken)) is not { } keys
            || await table.FindPlacesAsync(keys, cancellationToken) is not { } places)
        {
            return null;
        }

        return [.. slices.Where(s => places.Contains((s.PartitionPath, s.FileId)))];
    }

    // Only of text: how Hudi spells a value of another type depends on the release.
    private async ValueTask<IReadOnlyCollection<string>?> FindBySecondaryAsync(MetadataTable table, Predicate condition, CancellationToken cancellationToken)
    {
        foreach (var index in config.MetadataPartitions.Where(p => p.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal)))
        {
            if ((await table.GetDefinitionsAsync(cancellationToken)).SourceFields(index) is [var column]
                && schema.Root.Fields.Any(f => f.Name == column && f.Type.Kind == AvroKind.String)
                && condition.TextsOf(column) is { } texts)
            {
                var keys = new HashSet<string>(StringComparer.Ordinal);
                foreach (var text in texts)
                {
                    keys.UnionWith(await table.FindRecordKeysAsync(index, text, cancellationToken));
                }

                return keys;
            }
        }

        return null;
    }
}
