using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The file .hoodie_partition_metadata, by which Java finds partitions (HoodiePartitionMetadata): a partition without it reads as empty. Written once, before the partition's first file.
/// </summary>
internal sealed class PartitionMetadata(IObjectStore store, string instant, TimeProvider clock)
{
    public const string FileName = ".hoodie_partition_metadata";
    private readonly ConcurrentDictionary<string, Lazy<Task>> partitions = new();

    public Task EnsureAsync(string partitionPath, CancellationToken cancellationToken) =>
        partitions.GetOrAdd(partitionPath, p => new(() => WriteAsync(p, cancellationToken))).Value;

    private async Task WriteAsync(string partitionPath, CancellationToken cancellationToken)
    {
        var path = partitionPath.Length == 0 ? FileName : partitionPath + "/" + FileName;
        if (await store.GetInfoAsync(path, cancellationToken) is not null)
        {
            return;
        }

        var depth = partitionPath.Length == 0 ? 0 : partitionPath.Split('/').Length;
        var date = clock.GetUtcNow().ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture);
        var text = $"#partition metadata\n#{date}\ncommitTime={instant}\npartitionDepth={depth}\n";
        var result = await store.PutAsync(path, Encoding.Latin1.GetBytes(text), PutCondition.IfAbsent, Durability.Deferred, cancellationToken);
        if (result.Outcome == PutOutcome.Unknown && await store.GetInfoAsync(path, cancellationToken) is null)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Storage, "the metadata file of a partition could not be written", store.Root, path, instant, "Repeat the write: the next one rolls this one back", result.Cause);
        }
    }
}
