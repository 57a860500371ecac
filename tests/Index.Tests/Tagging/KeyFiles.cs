using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests;

/// <summary>Base files that hold keys, in memory.</summary>
internal static class KeyFiles
{
    private static readonly Schema Columns = new([new Field("_hoodie_record_key", Apache.Arrow.Types.StringType.Default, true), new Field("v", Apache.Arrow.Types.Int64Type.Default, true)], null);

    /// <param name="footer">Whether the footer gets Hudi's entries: bloom filter, smallest and largest key.</param>
    public static async Task<FileSlice> WriteAsync(IObjectStore store, string fileId, IReadOnlyList<string[]> rowGroups, bool footer)
    {
        var file = new MemoryStream();
        var writer = new ParquetFileWriter(file, new ParquetOutputSchema(Columns, "r"));
        foreach (string[] keys in rowGroups)
        {
            var rows = new RecordBatch(Columns, [Column(keys), new Int64Array.Builder().AppendRange(keys.Select((_, i) => (long)i)).Build()], keys.Length);
            using var group = RowGroupEncoder.Encode(writer.Schema, writer.Options, [rows]);
            await writer.AppendAsync(group, CancellationToken.None);
        }

        string[] all = [.. rowGroups.SelectMany(k => k)];
        if (footer && all.Length > 0)
        {
            var bloom = BloomFilter.Create(entries: 50, errorRate: 0.01, maxEntries: 100);
            bloom.AddAll(Column(all));
            writer.SetKeyValue("org.apache.hudi.bloomfilter", bloom.SerializeUtf8());
            writer.SetKeyValue("hoodie_bloom_filter_type_code", bloom.TypeCode);
            writer.SetKeyValue("hoodie_min_record_key", all.Min(StringComparer.Ordinal)!);
            writer.SetKeyValue("hoodie_max_record_key", all.Max(StringComparer.Ordinal)!);
        }

        await writer.CloseAsync(CancellationToken.None);
        string name = $"{fileId}_0-0-0_20260101000000000.parquet";
        await store.PutAsync("p/" + name, file.ToArray(), PutCondition.IfAbsent);
        return new FileSlice("p", fileId, "20260101000000000", new BaseFile("p", fileId, "0-0-0", "20260101000000000", name, file.Length), []);
    }

    public static StringArray Column(IEnumerable<string> keys) => new StringArray.Builder().AppendRange(keys).Build();

    public static KeyMap Map(IEnumerable<string> keys)
    {
        var column = Column(keys);
        var map = new KeyMap();
        map.AddAll(column, new int[column.Length]);
        return map;
    }

    public static string Text(KeyMap map, int key) => Encoding.UTF8.GetString(map[key]);
}
