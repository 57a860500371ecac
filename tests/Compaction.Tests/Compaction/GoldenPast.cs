using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>A golden table in memory, as it was before one of its instants was requested.</summary>
internal sealed class GoldenPast
{
    private GoldenPast(MemoryObjectStore store, TableConfig config, string instant)
    {
        Store = store;
        Config = config;
        InstantTimes.TryParse(instant, out var time);
        Client = new TimelineClient(store, config, new LakehouseEnvironment(new ManualClock(new DateTimeOffset(time, TimeSpan.Zero)), Guid.NewGuid));
    }

    public MemoryObjectStore Store { get; }

    public TableConfig Config { get; }

    /// <summary>Its clock stands at the instant.</summary>
    public TimelineClient Client { get; }

    public static async Task<GoldenPast> CopyAsync(Golden golden, string before)
    {
        var source = new LocalObjectStore(golden.Table);
        var store = new MemoryObjectStore("golden" + Guid.NewGuid());
        await foreach (var file in source.ListAsync(string.Empty, recursive: true))
        {
            if (!file.IsFolder && InstantOf(file) is var instant && (instant is null || string.CompareOrdinal(instant, before) < 0))
            {
                await store.PutAsync(file.Path, await source.ReadAsync(file.Path), PutCondition.None);
            }
        }

        var config = await TableConfigFile.LoadAsync(store, LakehouseEnvironment.System);
        return new GoldenPast(store, config, before);
    }

    private static string? InstantOf(ObjectInfo file) =>
        file.Path.StartsWith(".hoodie/", StringComparison.Ordinal) ? (char.IsAsciiDigit(file.Name[0]) ? file.Name[..17] : null)
        : FileNames.TryParseBaseFile(string.Empty, file.Name, 0, out var data) ? data.Instant
        : FileNames.TryParseLogFile(string.Empty, file.Name, 0, out var log) ? log.Instant
        : null;
}
