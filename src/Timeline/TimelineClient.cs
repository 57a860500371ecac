using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Reads and moves one table's timeline. Safe to use from several threads.</summary>
internal sealed partial class TimelineClient
{
    private readonly InstantClock clock;

    /// <param name="store">The table's storage.</param>
    /// <param name="layout">The table's layout, from <see cref="TimelineLayout"/>.</param>
    /// <param name="environment">The clock that instants are taken from.</param>
    /// <param name="locks">The table's lock; null: that of this process.</param>
    public TimelineClient(IObjectStore store, ITimelineLayout layout, LakehouseEnvironment environment, TableLock? locks = null)
    {
        Store = store;
        Layout = layout;
        Environment = environment;
        Locks = locks ?? new TableLock(store, environment);
        clock = InstantClock.For(environment.Clock, store.Root);
    }

    /// <summary>The timeline of a table as its properties describe it.</summary>
    public TimelineClient(IObjectStore store, TableConfig config, LakehouseEnvironment environment, TableLock? locks = null)
        : this(store, TimelineLayout.For(config), environment, locks)
    {
    }

    public IObjectStore Store { get; }

    public ITimelineLayout Layout { get; }

    public LakehouseEnvironment Environment { get; }

    /// <summary>The table's lock: of the data table, for its metadata table too.</summary>
    public TableLock Locks { get; }

    /// <summary>Lists the timeline.</summary>
    /// <param name="withCompletionTimes">In layout 1, also take each file's modification time as the completion time; layout 2 always has them.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async ValueTask<ActiveTimeline> LoadAsync(bool withCompletionTimes = false, CancellationToken cancellationToken = default)
    {
        var names = await Store.ListNamesAsync(Layout.Folder, cancellationToken);
        var timeline = TimelineReader.Read(Layout, names);
        bool needTimes = Layout.OrdersByCompletion || withCompletionTimes;
        return needTimes && timeline.Instants.Any(i => i.IsLegacy) ? await FillCompletionTimesAsync(timeline, cancellationToken) : timeline;
    }

    /// <summary>A new requested time, greater than all on the timeline and all issued in this process for this table.</summary>
    public string NewInstantTime(ActiveTimeline timeline) => NewTime(timeline.LatestTime);

    /// <summary>The file of an instant, relative to the table's root.</summary>
    public string PathOf(Instant instant) => Layout.Folder + "/" + Layout.FileName(instant);

    /// <summary>Whole content of an instant's file; empty where the file is.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(Instant instant, CancellationToken cancellationToken = default) => Store.ReadAsync(PathOf(instant), cancellationToken);

    private string NewTime(string? floor)
    {
        Locks.NoteIssued();
        return clock.Next(Layout.Zone, floor);
    }

    private async ValueTask<ActiveTimeline> FillCompletionTimesAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var modified = new Dictionary<string, DateTimeOffset>();
        await foreach (var file in Store.ListAsync(Layout.Folder, recursive: false, cancellationToken))
        {
            modified[file.Name] = file.Modified;
        }

        var instants = timeline.Instants.ToArray();
        for (int i = 0; i < instants.Length; i++)
        {
            if (instants[i].IsLegacy && modified.TryGetValue(Layout.FileName(instants[i]), out var time))
            {
                instants[i] = instants[i] with { CompletionTime = InstantTimes.Format(time, Layout.Zone) };
            }
        }

        return new ActiveTimeline(Layout, instants, timeline.UnknownFiles);
    }
}
