using OllaLab.Lakehouse.Metadata;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

/// <summary>The rules of HoodieMetadataPayload (format, C.3).</summary>
public class MetadataMergeTests
{
    private static readonly MetadataFileInfo Gone = new(0, IsDeleted: true);

    [Fact]
    public void Files_are_united_and_deletions_take_entries_away()
    {
        var merged = Merge(Files(("a", Live(5)), ("b", Live(1)), ("c", Gone)), Files(("a", Gone), ("b", Live(9)), ("d", Live(2))), Files(("e", Gone), ("c", Gone)));
        Assert.Equal([("b", Live(9)), ("c", Gone), ("d", Live(2)), ("e", Gone)], merged.Files.OrderBy(f => f.Key).Select(f => (f.Key, f.Value)));
    }

    [Fact]
    public void A_file_that_comes_back_lives() =>
        Assert.Equal([("a", Live(3))], Merge(Files(("a", Live(5))), Files(("a", Gone)), Files(("a", Live(3)))).Files.Select(f => (f.Key, f.Value)));

    [Fact]
    public void What_is_merged_does_not_change_what_it_was_made_of()
    {
        var stored = Files(("a", Live(5)));
        Merge(stored, Files(("b", Live(1))));
        Assert.Single(stored.Files);
    }

    [Fact]
    public void A_deleted_key_is_gone_until_it_is_written_again()
    {
        var a = RecordIndexLocation.Make("p", "x", 1);
        var b = RecordIndexLocation.Make("q", "y", 2);
        Assert.Null(MetadataMerge.Merge(a, [null]));
        Assert.Equal(b, MetadataMerge.Merge(a, null, b));
        Assert.Equal(b, MetadataMerge.Merge(a, b));
        Assert.Equal(["f"], ((FilesPayload)MetadataMerge.Merge(Files(("e", Live(1))), null, Files(("f", Live(1))))!).Files.Keys);
    }

    [Fact]
    public void Bounds_widen_unless_they_are_exact_or_deleted()
    {
        var older = Stats(1, 5) with { ValueCount = 3, NullCount = 1, TotalSize = 10 };
        var newer = Stats(3, 9) with { ValueCount = 2, NullCount = 0, TotalSize = 20 };
        var merged = (ColumnStatsPayload)MetadataMerge.Merge(older, newer)!;
        Assert.Equal((1, 9, 5, 1, 30), (merged.Min!.Value.Value, merged.Max!.Value.Value, merged.ValueCount, merged.NullCount, merged.TotalSize));
        Assert.Equal(newer with { IsTightBound = true }, MetadataMerge.Merge(older, newer with { IsTightBound = true }));
        Assert.Equal(newer with { IsDeleted = true }, MetadataMerge.Merge(older, newer with { IsDeleted = true }));
        Assert.Equal(newer, MetadataMerge.Merge(older with { IsDeleted = true }, newer));
    }

    [Fact]
    public void Bounds_of_which_one_is_not_known_are_not_known()
    {
        var known = Stats(1, 5) with { ValueCount = 3, NullCount = 1 };
        var unknown = known with { Min = null, Max = null };
        Assert.Null(((ColumnStatsPayload)MetadataMerge.Merge(known, unknown)!).Min);
        Assert.Equal(1, ((ColumnStatsPayload)MetadataMerge.Merge(known, unknown with { NullCount = 3 })!).Min!.Value.Value);
        Assert.Null(((ColumnStatsPayload)MetadataMerge.Merge(known, known with { Min = new WrappedValue(WrapperKind.Long, 1L) })!).Min);
        var nan = known with { Min = new WrappedValue(WrapperKind.Double, double.NaN) };
        Assert.Null(((ColumnStatsPayload)MetadataMerge.Merge(nan, nan with { Min = new WrappedValue(WrapperKind.Double, 1.0) })!).Min);
    }

    private static FilesPayload Merge(FilesPayload stored, params MetadataPayload?[] newer) => (FilesPayload)MetadataMerge.Merge(stored, newer)!;

    private static MetadataFileInfo Live(long size) => new(size, IsDeleted: false);

    private static FilesPayload Files(params (string Name, MetadataFileInfo File)[] files) => new(MetadataRecordType.Files, files.ToDictionary(f => f.Name, f => f.File));

    private static ColumnStatsPayload Stats(int min, int max) =>
        new(MetadataRecordType.ColumnStats, "f", "c") { Min = new WrappedValue(WrapperKind.Int, min), Max = new WrappedValue(WrapperKind.Int, max) };
}
