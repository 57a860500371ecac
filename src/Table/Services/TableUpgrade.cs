using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// From one table version to another (UpgradeDowngrade). Unfinished writes are rolled back and merge-on-read tables compacted first, as Hudi does: log files of versions 6 and 8 are named
/// differently. Then the timeline is made in the other layout, the properties are changed in one step, which is when the table has the new version, and the old timeline goes. Whoever dies before
/// the step leaves the table as it was, whoever dies after it a table of the new version with files that nobody looks at; repeating the call removes them.
/// </summary>
internal sealed class TableUpgrade(LakehouseTable table)
{
    private LakehouseEnvironment Environment => table.Options.Environment;

    /// <summary>What comes before: unfinished writes are rolled back, logs compacted. The metadata table goes first.</summary>
    public async Task<(IReadOnlyList<string> RolledBack, IReadOnlyList<string> Compacted)> PrepareAsync(int to, UpgradeOptions options, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (state.Config.Version == to)
        {
            return ([], []);
        }

        await PlanAsync(state, to, options, cancellationToken);
        state = await DropMetadataTableAsync(state, cancellationToken);
        var (_, rolledBack) = await new RollbackExecutor(state.Client, state.Config).RollBackFailedWritesAsync(state.Timeline, cancellationToken);
        var compacted = state.Config.Type == TableType.MergeOnRead ? await table.CompactAsync(new CompactionOptions(), cancellationToken) : [];
        return ([.. rolledBack.Select(r => r.Instant)], [.. compacted.Select(c => c.Instant!)]);
    }

    public async Task<UpgradeResult> ConvertAsync(int to, UpgradeOptions options, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (state.Config.Version == to)
        {
            await DeleteLeftoversAsync(state, options, cancellationToken);
            return new UpgradeResult { From = to, To = to };
        }

        var result = await PlanAsync(state, to, options, cancellationToken);
        if (options.DryRun)
        {
            return result;
        }

        return await state.Client.Locks.RunAsync(
            async section =>
            {
                state = state.With(await state.Client.LoadAsync(cancellationToken: cancellationToken));
                RequireQuiet(state);
                bool crosses = (state.Config.Version < 8) != (to < 8);
                if (crosses)
                {
                    await RequireNoLogsAsync(state, cancellationToken);
                }

                state = await DropMetadataTableAsync(state, cancellationToken);
                var target = Target(state, to, options);
                int files = 0;
                if (crosses)
                {
                    var moved = new TimelineClient(state.Store, target, Environment, state.Client.Locks);
                    files = await new TimelineMove(state.Client, moved, state.Config.Type == TableType.MergeOnRead).CopyAsync(cancellationToken);
                    await new ArchiveMove(state.Client, moved).RunAsync(cancellationToken);
                }

                await section.RequireHeldAsync(cancellationToken);
                await TableConfigFile.UpdateAsync(state.Store, Changes(state.Config, target), Environment, cancellationToken);
                if (crosses)
                {
                    // What is left of it counts for nobody.
                    await DeleteTimelineAsync(state, state.Client.Layout, CancellationToken.None);
                }

                return new UpgradeResult
                {
                    From = result.From, To = to, RolledBack = result.RolledBack, Compacted = result.Compacted, TimelineFiles = files, ArchivedInstants = result.ArchivedInstants, DropsMetadataTable = result.DropsMetadataTable, Properties = result.Properties,
                };
            },
            cancellationToken);
    }

    /// <summary>The layout that the table would have on the other side of version 8.</summary>
    public static ITimelineLayout OtherLayout(TableConfig config) =>
        TimelineLayout.For(config.Version < 8 ? 8 : 6, ".hoodie/" + (config.Properties.GetValueOrDefault(ConfigKeys.TimelinePath) is { Length: > 0 } folder ? folder : "timeline"), TimeZoneInfo.Utc, config.Version < 8 ? config.HistoryPath : config.ArchiveFolder);

    private async Task<UpgradeResult> PlanAsync(TableState state, int to, UpgradeOptions options, CancellationToken cancellationToken)
    {
        state.Config.RequireWritable();
        RequireArchivesApart(state);
        bool crosses = (state.Config.Version < 8) != (to < 8);
        int files = 0;
        foreach (var name in crosses ? await state.Store.ListNamesAsync(state.Client.Layout.Folder, cancellationToken) : [])
        {
            files += state.Client.Layout.TryParse(name, out var instant) && Actions.IsKnown(instant.Action) ? 1 : 0;
        }

        return new UpgradeResult
        {
            From = state.Config.Version,
            To = to,
            RolledBack = [.. state.Timeline.Pending.Where(i => i.Action is Actions.Commit or Actions.DeltaCommit).Select(i => i.RequestedTime)],
            Compacted = [.. state.Timeline.Pending.Where(i => i.Action == Actions.Compaction).Select(i => i.RequestedTime)],
            TimelineFiles = files,
            ArchivedInstants = crosses ? (await state.Client.ReadArchivedAsync(cancellationToken: cancellationToken)).Instants.Count : 0,
            DropsMetadataTable = state.Config.MetadataPartitions.Length + state.Config.MetadataPartitionsInflight.Length > 0,
            Properties = Changes(state.Config, Target(state, to, options)),
        };
    }

    private static TableConfig Target(TableState state, int to, UpgradeOptions options) => TableConfig.Parse(VersionProperties.Of(state.Config, to, options.PartitionFields), state.Store.Root);

    private static Dictionary<string, string?> Changes(TableConfig before, TableConfig after)
    {
        var changes = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var key in before.Properties.Keys.Union(after.Properties.Keys).Order(StringComparer.Ordinal))
        {
            var value = after.Properties.GetValueOrDefault(key);
            if (before.Properties.GetValueOrDefault(key) != value)
            {
                changes[key] = value;
            }
        }

        return changes;
    }

    // The history goes with the versions that have one, and with it all that is in its folder.
    private static void RequireArchivesApart(TableState state)
    {
        var (history, archive) = state.Config.Version < 8 ? (OtherLayout(state.Config).ArchiveFolder, state.Client.Layout.ArchiveFolder) : (state.Client.Layout.ArchiveFolder, OtherLayout(state.Config).ArchiveFolder);
        if ((archive + "/").StartsWith(history + "/", StringComparison.Ordinal))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"The folders of both layouts' archives are one ({ConfigKeys.ArchiveFolder}, {ConfigKeys.HistoryPath})", state.Store.Root, archive, remedy: "Keep the version");
        }
    }

    // Plans of clusterings go along; whatever else is under way must be done with.
    private static void RequireQuiet(TableState state)
    {
        if (state.Timeline.UnknownFiles.Count > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "the timeline holds an action that is not known", state.Store.Root, $"{state.Client.Layout.Folder}/{state.Timeline.UnknownFiles[0]}", remedy: "Remove the file if it is none of Hudi's");
        }

        if (state.Timeline.Pending.FirstOrDefault(i => i is not { Action: Actions.Clustering or Actions.ReplaceCommit, State: InstantState.Requested }) is { } pending)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, $"A {pending.Action} is under way", state.Store.Root, state.Client.PathOf(pending), pending.RequestedTime, "Wait until it has completed, or roll it back, and repeat the upgrade");
        }
    }

    private static async ValueTask RequireNoLogsAsync(TableState state, CancellationToken cancellationToken)
    {
        if (state.Config.Type == TableType.MergeOnRead && (await state.View.GetAllSlicesAsync(null, cancellationToken)).FirstOrDefault(s => s.Logs.Count > 0) is { } slice)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, $"The file group {slice.FileId} has logs, which are named differently in the other version", state.Store.Root, slice.Logs[0].Path,
                remedy: "Repeat the upgrade, which compacts first; where a clustering is planned, execute it before");
        }
    }

    // Statistics and indexes have other forms in other versions, and which form a table has is not always told: the next write makes them in the form of the new one. Hudi keeps what it can.
    private async ValueTask<TableState> DropMetadataTableAsync(TableState state, CancellationToken cancellationToken)
    {
        var folder = new MetadataFolder(state.Client, state.Config);
        if (folder.Partitions.Any())
        {
            await MetadataPartitionDrop.RunAsync(folder, [.. folder.Partitions], cancellationToken);
            state = await table.RefreshAsync(cancellationToken: cancellationToken);
        }

        return await MetadataTableDrop.RunAsync(state, Environment, cancellationToken) ? await table.RefreshAsync(cancellationToken: cancellationToken) : state;
    }

    private static async ValueTask DeleteLeftoversAsync(TableState state, UpgradeOptions options, CancellationToken cancellationToken)
    {
        if (!options.DryRun)
        {
            RequireArchivesApart(state);
            await DeleteTimelineAsync(state, OtherLayout(state.Config), cancellationToken);
        }
    }

    // The logs of a version 6 archive stay, as with Hudi: a downgrade goes on from them. A history that were left would be added to by Hudi's next upgrade.
    private static async ValueTask DeleteTimelineAsync(TableState state, ITimelineLayout layout, CancellationToken cancellationToken)
    {
        await TimelineMove.DeleteAsync(state.Store, layout, cancellationToken);
        if (layout.Version == 2)
        {
            await state.Store.DeleteFolderAsync(layout.ArchiveFolder, cancellationToken);
        }
    }
}
