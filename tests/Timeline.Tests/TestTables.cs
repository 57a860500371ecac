using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

internal static class TestTables
{
    public static readonly ITimelineLayout V1 = TimelineLayout.For(6, ".hoodie/timeline", TimeZoneInfo.Utc);
    public static readonly ITimelineLayout V2 = TimelineLayout.For(9, ".hoodie/timeline", TimeZoneInfo.Utc);

    public static ITimelineLayout Layout(int version) => version == 1 ? V1 : V2;

    public static TheoryData<string> GoldenNames => [.. Golden.Names()];

    /// <summary>Copy-on-write tables alone.</summary>
    public static TheoryData<string> CopyOnWriteNames => [.. Golden.Names().Where(n => n.Contains("cow_", StringComparison.Ordinal))];

    public static TimelineClient Client(Golden golden) =>
        new(new LocalObjectStore(golden.Table), TimelineLayout.For(golden.Version, ".hoodie/timeline", TimeZoneInfo.Utc), LakehouseEnvironment.System);
}
