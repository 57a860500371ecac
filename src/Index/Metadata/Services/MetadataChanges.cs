using System.Text;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>What the logs of one file group of the metadata table say of each key, in their order; null stands for a deletion.</summary>
/// <param name="Keys">In the order of their bytes, as base files have them.</param>
/// <param name="ByKey">The records of each.</param>
/// <param name="Records">Records and deletions read.</param>
internal sealed record MetadataChanges((byte[] Bytes, string Text)[] Keys, IReadOnlyDictionary<string, List<MetadataPayload?>> ByKey, long Records)
{
    /// <param name="store">The metadata table's storage.</param>
    /// <param name="blocks">The blocks that count, oldest first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<MetadataChanges> ReadAsync(IObjectStore store, IReadOnlyList<LogBlock> blocks, CancellationToken cancellationToken)
    {
        var byKey = new Dictionary<string, List<MetadataPayload?>>(StringComparer.Ordinal);
        long records = 0;
        foreach (var block in blocks)
        {
            switch (block.Type)
            {
                case LogBlockType.HFileData:
                    var file = await HFile.OpenAsync(new BlockContentStore(store, block), block.Path, block.ContentLength, cancellationToken);
                    var codec = MetadataRecordCodec.For(block.Header(LogHeader.Schema) ?? Encoding.UTF8.GetString(file.Info.GetValueOrDefault(HFileInfo.Schema).Span));
                    await foreach (var cells in file.ReadDataBlocksAsync(cancellationToken))
                    {
                        records += Add(byKey, cells.Span, codec, block.Path);
                    }

                    break;
                case LogBlockType.Delete:
                    var deletes = await DeleteBlock.ReadAsync(store, block, cancellationToken);
                    for (int i = 0; i < deletes.Count; i++)
                    {
                        Add(byKey, deletes.Keys.GetString(i), null);
                    }

                    records += deletes.Count;
                    break;
                default:
                    throw new LakehouseException(
                        LakehouseErrorKind.Unsupported, $"A log of the metadata table has a block of the type {block.Type}", path: block.Path, remedy: "Let Apache Hudi write to the table, which compacts it");
            }
        }

        var keys = byKey.Keys.Select(k => (Bytes: Encoding.UTF8.GetBytes(k), Text: k)).ToArray();
        Array.Sort(keys, (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes));
        return new MetadataChanges(keys, byKey, records);
    }

    private static long Add(Dictionary<string, List<MetadataPayload?>> byKey, ReadOnlySpan<byte> block, MetadataRecordCodec codec, string path)
    {
        long records = 0;
        for (var cells = new HFileCells(block, path); cells.MoveNext(); records++)
        {
            Add(byKey, Encoding.UTF8.GetString(cells.Key), codec.Read(cells.Value));
        }

        return records;
    }

    private static void Add(Dictionary<string, List<MetadataPayload?>> byKey, string key, MetadataPayload? payload)
    {
        if (!byKey.TryGetValue(key, out var list))
        {
            byKey[key] = list = new List<MetadataPayload?>(1);
        }

        // What came before a deletion is of no account.
        if (payload is null)
        {
            list.Clear();
        }

        list.Add(payload);
    }
}
