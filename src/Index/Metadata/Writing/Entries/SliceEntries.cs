using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>What an index has of the rows of a file slice as readers see them: one text for each row, such as its record key.</summary>
/// <param name="store">The table's storage.</param>
/// <param name="config">The table.</param>
/// <param name="source">How its files are read.</param>
/// <param name="columns">Columns that are needed besides the record key.</param>
/// <param name="make">Makes the entries from the record keys and the rows, which have the columns.</param>
internal sealed class SliceEntries(IObjectStore store, TableConfig config, MetadataSource source, IReadOnlyList<string> columns, Func<StringArray, RecordBatch, StringArray> make)
{
    private const int BatchRows = 16_384;
    private static readonly IReadOnlyDictionary<string, IArrowArray> NoPartition = new Dictionary<string, IArrowArray>();

    private readonly VirtualKeys? keys = StoredKeys.Of(config, source.Schema);

    /// <param name="slice">A slice; logs that are not committed yet count as well.</param>
    /// <param name="timeline">The table's.</param>
    /// <param name="held">Is given the batches that the entries lie in: to be disposed when they are of no more use.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<StringArray> ReadAsync(
        FileSlice slice, ActiveTimeline timeline, List<IDisposable> held, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = (keys?.Columns ?? [MetaColumns.RecordKey]).Concat(columns).Distinct();
        var read = new SliceRead(source.Schema, new Schema([.. wanted.Select(source.Schema.ArrowWithMeta.GetFieldByName)], null), null, BatchRows)
        {
            Logs = new LogInstants(timeline),
            Merging = slice.Logs.Count == 0 ? null : (source.Merging ?? new MergeSettings(MergeRule.Create(config), MetadataSource.MergeMemory, null)) with { Keys = keys },
        };
        await foreach (var batch in FileSliceReader.ReadAsync(store, source.Format, slice, read, NoPartition, cancellationToken))
        {
            held.Add(batch);
            yield return make(keys is null ? (StringArray)batch.Column(MetaColumns.RecordKey) : keys.Of(batch), batch);
        }
    }
}
