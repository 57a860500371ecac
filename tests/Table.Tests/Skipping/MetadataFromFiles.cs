using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>What a metadata table would say of a table's files, made from the files themselves.</summary>
internal sealed class MetadataFromFiles : IMetadataReader
{
    private readonly SortedDictionary<string, MetadataPayload> stats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetadataPayload> filters = [];

    private MetadataFromFiles()
    {
    }

    public static async Task<MetadataFromFiles> ReadAsync(TableState state)
    {
        var made = new MetadataFromFiles();
        var schema = await state.GetSchemaAsync();
        var columns = ColumnStatsColumns.Of(state.Config, schema);
        var files = new FileBounds(state.Store, ParquetSharpFormat.Instance, schema, [.. columns.Select(c => c.Name)]);
        foreach (var slice in await state.View.GetAllSlicesAsync(null, default))
        {
            if (slice.Base is { } file)
            {
                made.Add(slice, file.FileName, await files.OfBaseAsync(file.Path, file.Length, default), columns, state);
                var footer = await ParquetFooter.ReadAsync(state.Store, file.Path, file.Length);
                if (footer.TryGetKeyValue(BaseFileWriter.BloomKey, out var filter))
                {
                    made.filters.Add(MetadataKeys.BloomFilter(slice.PartitionPath, file.FileName), new BloomFilterPayload(footer.GetKeyValue(BaseFileWriter.BloomTypeKey) ?? "SIMPLE", file.Instant, filter, false));
                }
            }

            foreach (var log in slice.Logs)
            {
                made.Add(slice, log.FileName, await files.OfLogAsync(log.Path, log.Length, default), columns, state);
            }
        }

        return made;
    }

    public bool Has(string partition) => partition is MetadataPartitions.ColumnStats or MetadataPartitions.BloomFilters;

    public IAsyncEnumerable<MetadataRecord> ReadAsync(string partition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyDictionary<string, MetadataPayload>> FindAsync(string partition, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        new(keys.Where(filters.ContainsKey).ToDictionary(k => k, k => filters[k]));

    public async IAsyncEnumerable<MetadataRecord> FindByPrefixAsync(string partition, IReadOnlyCollection<string> prefixes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (key, payload) in stats.Where(s => prefixes.Any(p => s.Key.StartsWith(p, StringComparison.Ordinal))))
        {
            yield return new MetadataRecord(key, payload);
        }
    }

    private void Add(FileSlice slice, string fileName, IReadOnlyList<ColumnBounds> bounds, IReadOnlyList<ColumnStatsColumn> columns, TableState state)
    {
        foreach (var record in ColumnStatsRecords.OfFile(fileName, bounds, columns, IndexDefinitions.NewVersion(state.Config)))
        {
            stats.Add(MetadataKeys.ColumnStats(record.ColumnName!, slice.PartitionPath, fileName), record);
        }
    }
}
