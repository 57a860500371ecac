using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Index.Tests.Metadata.Statistics;

/// <summary>Hudi counts the values of row groups that say nothing of a column as nulls: what it then stores is not believed, wherever that may have been.</summary>
public class HiddenValuesTests
{
    [Theory]
    [InlineData("String", 6000, 2132, 1_060_270, false)]
    [InlineData("String", 6000, 0, 1_060_270, true)]
    [InlineData("String", 6000, 2132, 2_047, true)]
    [InlineData("String", 5, 5, 40_000, false)]
    [InlineData("String", 5, 5, 60, true)]
    [InlineData("Bytes", 5, 5, 40_000, false)]
    [InlineData("Bytes", 5, 0, 40_000, true)]
    public void Long_texts_may_be_counted_as_nulls(string type, long values, long nulls, long size, bool believed)
    {
        var kind = Enum.Parse<AvroKind>(type);
        var bound = nulls < values && kind == AvroKind.String ? new WrappedValue(WrapperKind.String, "m") : (WrappedValue?)null;
        Check(new ColumnStatsPayload(MetadataRecordType.ColumnStats, "f", "c") { Min = bound, Max = bound, ValueCount = values, NullCount = nulls, TotalUncompressedSize = size, ValueType = 7 }, kind, believed);
    }

    [Theory]
    [InlineData(null, 5, false)]
    [InlineData(0L, 5, true)]
    [InlineData(0L, 2, true)]
    public void Timestamps_of_12_bytes_are_counted_as_nulls(long? bound, long nulls, bool believed)
    {
        var value = bound is { } b ? new WrappedValue(WrapperKind.Long, b) : (WrappedValue?)null;
        Check(new ColumnStatsPayload(MetadataRecordType.ColumnStats, "f", "c") { Min = value, Max = value, ValueCount = 5, NullCount = nulls, TotalUncompressedSize = 90, ValueType = 16 }, AvroKind.TimestampMicros, believed);
    }

    private static void Check(ColumnStatsPayload stored, AvroKind kind, bool believed)
    {
        var bounds = StoredBounds.Of(stored, new AvroType(kind) { Nullable = true })!;
        Assert.Equal(believed ? stored.NullCount : null, bounds.NullCount);
        if (!believed)
        {
            Assert.True(bounds.IsOpen);
        }
    }
}
