using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests;

public class TaggingTests
{
    [Theory]
    [InlineData("SIMPLE")]
    [InlineData("BLOOM")]
    public void Tags_equal_those_of_a_plain_search(string type)
    {
        // Keys around U+E000 and U+10000 too, where the orders of UTF-16 and UTF-8 differ, and the same key twice in a file.
        var key = Gen.Elements("k", "", "日", "😀", "z").SelectMany(p => Gen.Choose(0, 60).Select(i => p + "x" + i));
        var file = Gen.Choose(0, 12).SelectMany(n => key.ArrayOf(n)).Where(g => g.Length > 0).ListOf(2);
        var scenario = from files in file.ListOf(3) from incoming in key.ListOf() from footer in Gen.Elements(true, false) select (Files: files.ToArray(), Incoming: incoming.ToArray(), footer);
        Prop.ForAll(scenario.ToArbitrary(), s =>
        {
            var store = new MemoryObjectStore();
            var slices = s.Files.Select((groups, i) => KeyFiles.WriteAsync(store, $"f{i}", [.. groups], s.footer).GetAwaiter().GetResult()).ToArray();
            var map = KeyFiles.Map(s.Incoming);
            var tagged = Index(type, store).TagAsync(map, slices, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var actual = tagged.SelectMany(t => t.Positions.Select((p, i) => $"{t.Slice.FileId} {p} {KeyFiles.Text(map, t.Keys[i])}"));
            var expected = s.Files.SelectMany((groups, f) => groups.SelectMany(g => g).Select((k, p) => (k, p)).Where(x => s.Incoming.Contains(x.k)).Select(x => $"f{f} {x.p} {x.k}"));
            return actual.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Bloom_reads_only_files_and_row_groups_that_may_hold_a_key()
    {
        var store = new MemoryObjectStore();
        FileSlice[] slices =
        [
            await KeyFiles.WriteAsync(store, "f0", [["a1", "a2"], ["b1", "b2"]], footer: true),
            await KeyFiles.WriteAsync(store, "f1", [["c1", "c9"]], footer: true),
            await KeyFiles.WriteAsync(store, "f2", [["d1", "d2"]], footer: true),
        ];
        var format = new RecordingFormat();
        var tagged = await new BloomIndex(new IndexSettings(store, format)).TagAsync(KeyFiles.Map(["b2", "c5", "e1"]), slices, CancellationToken.None);
        var only = Assert.Single(tagged);
        Assert.Equal("f0", only.Slice.FileId);
        Assert.Equal([3L], only.Positions);
        Assert.Equal(["f0: 1"], format.Reads);

        format.Reads.Clear();
        await new SimpleIndex(new IndexSettings(store, format)).TagAsync(KeyFiles.Map(["b2", "c5", "e1"]), slices, CancellationToken.None);
        Assert.Equal(["f0: 1", "f1: all"], format.Reads.Order());
    }

    [Fact]
    public async Task Slices_without_base_file_and_no_keys_find_nothing()
    {
        var store = new MemoryObjectStore();
        var slice = await KeyFiles.WriteAsync(store, "f", [["a"]], footer: true);
        Assert.Empty(await Index("BLOOM", store).TagAsync(KeyFiles.Map([]), [slice], CancellationToken.None));
        Assert.Empty(await Index("BLOOM", store).TagAsync(KeyFiles.Map(["a"]), [slice with { Base = null }], CancellationToken.None));
    }

    [Fact]
    public void Unknown_index_types_are_refused_by_name() =>
        Assert.Contains("'RECORD_INDEX'", Assert.Throws<LakehouseException>(() => Indexes.Create("RECORD_INDEX", new IndexSettings(new MemoryObjectStore(), ParquetSharpFormat.Instance))).Message);

    [Fact]
    public void Key_order_holds_in_either_order()
    {
        var text = Gen.Elements("a", "\u007f", "é", "\uabcd", "", "\uffff", "\U00010000", "\U0010ffff").ListOf().Select(string.Concat);
        Prop.ForAll(text.ToArbitrary(), text.ToArbitrary(), (left, right) =>
        {
            byte[] l = System.Text.Encoding.UTF8.GetBytes(left);
            byte[] r = System.Text.Encoding.UTF8.GetBytes(right);
            return KeyOrder.MayBeAtMost(l, r) == (string.CompareOrdinal(left, right) <= 0 || l.AsSpan().SequenceCompareTo(r) <= 0);
        }).QuickCheckThrowOnFailure();
    }

    private static IIndex Index(string type, IObjectStore store) => Indexes.Create(type, new IndexSettings(store, ParquetSharpFormat.Instance));
}
