using System.IO.Hashing;
using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Holds a table against itself: properties, timeline, storage, commits and metadata table.</summary>
internal sealed class TableValidation(LakehouseTable table)
{
    private readonly List<TableProblem> problems = [];

    public async Task<IReadOnlyList<TableProblem>> RunAsync(ValidateOptions options, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        await CheckPropertiesAsync(state, cancellationToken);
        await CheckTimelineAsync(state, cancellationToken);
        var listed = await CheckStorageAsync(state, cancellationToken);
        var slices = await new FileSystemView(state.Client, state.Timeline).GetAllSlicesAsync(null, cancellationToken);
        await CheckCommitsAsync(state, slices, listed, cancellationToken);
        await CheckFilesAsync(state, slices, cancellationToken);
        await CheckMetadataTableAsync(state, cancellationToken);
        if (options.CheckKeys && state.Config.PopulateMetaFields && problems.TrueForAll(p => p.Kind is not (TableProblemKind.DamagedFile or TableProblemKind.MissingFile)))
        {
            await CheckKeysAsync(state, cancellationToken);
        }

        return problems;
    }

    private void Add(TableProblemKind kind, string problem, string? path = null, string? instant = null, bool repairable = false) =>
        problems.Add(new TableProblem { Kind = kind, Problem = problem, Path = path, Instant = instant, IsRepairable = repairable });

    // The content itself was checked when the table was loaded.
    private async ValueTask CheckPropertiesAsync(TableState state, CancellationToken cancellationToken)
    {
        if (await state.Store.GetInfoAsync(TableConfig.BackupPath, cancellationToken) is not null)
        {
            Add(TableProblemKind.Properties, "An update of the properties died and left its backup", TableConfig.BackupPath, repairable: true);
        }

        if (!state.Config.Properties.ContainsKey(ConfigKeys.Checksum))
        {
            Add(TableProblemKind.Properties, "The properties have no checksum", TableConfig.Path, repairable: true);
        }
    }

    private async ValueTask CheckTimelineAsync(TableState state, CancellationToken cancellationToken)
    {
        foreach (var pending in state.Timeline.Pending.Where(i => i.Action is Actions.Commit or Actions.DeltaCommit))
        {
            Add(TableProblemKind.UnfinishedWrite, $"A {pending.Action} was left {pending.State.ToString().ToLowerInvariant()}", state.Client.PathOf(pending), pending.RequestedTime, repairable: true);
        }

        foreach (var name in state.Timeline.UnknownFiles)
        {
            Add(TableProblemKind.StrayTimelineFile, "The file's action is not known", $"{state.Client.Layout.Folder}/{name}");
        }

        var other = TableUpgrade.OtherLayout(state.Config);
        foreach (var name in await state.Store.ListNamesAsync(other.Folder, cancellationToken))
        {
            if (other.TryParse(name, out var instant) && Actions.IsKnown(instant.Action))
            {
                Add(TableProblemKind.StrayTimelineFile, "The file is of the other layout, as an upgrade leaves it that died", $"{other.Folder}/{name}", instant.RequestedTime, repairable: true);
            }
        }

        await foreach (var entry in state.Store.ListAsync(".hoodie/.temp", recursive: true, cancellationToken))
        {
            var instant = entry.Path[".hoodie/.temp/".Length..].Split('/')[0];
            if (InstantTimes.IsValid(instant) && !state.Timeline.Find(instant).Any(i => !i.IsCompleted) && !problems.Exists(p => p.Kind == TableProblemKind.DanglingMarkers && p.Instant == instant))
            {
                Add(TableProblemKind.DanglingMarkers, "Markers of a write that is not under way", $".hoodie/.temp/{instant}", instant, repairable: true);
            }
        }
    }

    // All data files of the storage, by path.
    private async ValueTask<Dictionary<string, long>> CheckStorageAsync(TableState state, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await PartitionListing.ListAsync(
            state.Store,
            (_, files) =>
            {
                foreach (var file in files.Where(f => !f.IsFolder && InstantOf(f.Name) is not null))
                {
                    found[file.Path] = file.Length;
                    var instant = InstantOf(file.Name)!;
                    if (!state.Timeline.ContainsOrBeforeTimelineStarts(instant) && !state.Timeline.Find(instant).Any())
                    {
                        Add(TableProblemKind.DanglingFile, "No instant on the timeline wrote the file", file.Path, instant, repairable: true);
                    }
                }
            },
            cancellationToken);
        return found;
    }

    private async ValueTask CheckCommitsAsync(TableState state, IReadOnlyList<FileSlice> slices, Dictionary<string, long> listed, CancellationToken cancellationToken)
    {
        var stats = new Dictionary<string, (WriteStat Stat, Instant Commit)>(StringComparer.Ordinal);
        var latest = new Dictionary<(string, string), string>();
        foreach (var write in state.Timeline.CompletedWrites)
        {
            foreach (var stat in (await state.Client.ReadCommitMetadataAsync(write, cancellationToken)).PartitionToWriteStats.Values.SelectMany(s => s))
            {
                if (stat is { Path: { } path, PartitionPath: { } partition, FileId: { } fileId })
                {
                    stats[path] = (stat, write);
                    if (stat.Log is null)
                    {
                        latest[(partition, fileId)] = path;
                    }
                }
            }
        }

        var replaced = await state.View.GetReplacedAsync(cancellationToken);
        foreach (var ((partition, fileId), path) in latest)
        {
            // The newest version of a file group is never cleaned.
            if (!listed.ContainsKey(path) && !replaced.IsReplaced(partition, fileId, null))
            {
                Add(TableProblemKind.MissingFile, "The newest base file of a file group is not there", path, stats[path].Commit.RequestedTime);
            }
        }

        foreach (var path in slices.Select(s => s.Base?.Path).Concat(slices.SelectMany(s => s.Logs).Select(l => l.Path)).OfType<string>())
        {
            if (stats.TryGetValue(path, out var known) && known.Stat.FileSizeInBytes > 0 && listed.TryGetValue(path, out var length) && length != known.Stat.FileSizeInBytes)
            {
                Add(TableProblemKind.WrongLength, $"The file has {length} bytes, its commit says {known.Stat.FileSizeInBytes}", path, known.Commit.RequestedTime);
            }
        }

        foreach (var file in slices.Select(s => s.Base).OfType<BaseFile>().Where(f => stats.ContainsKey(f.Path)))
        {
            if (await FooterAsync(state, file, cancellationToken) is { } footer && footer.NumRows != stats[file.Path].Stat.NumWrites)
            {
                Add(TableProblemKind.WrongRowCount, $"The file has {footer.NumRows} rows, its commit says {stats[file.Path].Stat.NumWrites}", file.Path, file.Instant);
            }
        }
    }

    private async ValueTask CheckFilesAsync(TableState state, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        foreach (var slice in slices)
        {
            if (slice.Base is { } file && await FooterAsync(state, file, cancellationToken) is null)
            {
                Add(TableProblemKind.DamagedFile, "The file's footer cannot be read", file.Path, file.Instant);
            }

            foreach (var log in slice.Logs)
            {
                await foreach (var block in LogFileReader.ReadBlocksAsync(state.Store, log.Path, log.Length, cancellationToken))
                {
                    if (block.Type == LogBlockType.Corrupt)
                    {
                        Add(TableProblemKind.DamagedFile, $"The log has a block that is cut off or damaged at byte {block.Start}; readers pass over it", log.Path, log.Instant);
                    }
                }
            }
        }
    }

    private static async ValueTask<ParquetFooter?> FooterAsync(TableState state, BaseFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await ParquetFooter.ReadAsync(state.Store, file.Path, file.Length, cancellationToken: cancellationToken);
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Corrupt)
        {
            return null;
        }
    }

    private async ValueTask CheckMetadataTableAsync(TableState state, CancellationToken cancellationToken)
    {
        if (!state.Config.MetadataPartitions.Contains(MetadataPartitions.Files, StringComparer.Ordinal))
        {
            return;
        }

        try
        {
            var listing = new MetadataFileListing(() => MetadataTable.OpenAsync(state.Store, state.Config, state.Timeline, state.Client.Environment, cancellationToken));
            var stored = await CommittedFiles.ListAsync(state.Store, state.Timeline, cancellationToken);
            var isCommitted = CommittedFiles.Filter(state.Timeline);
            var going = await GoingAsync(state, cancellationToken);
            var partitions = await listing.ListPartitionsAsync((_, _) => { }, cancellationToken);
            foreach (var partition in partitions.Union(stored.Where(p => p.Value.Count > 0).Select(p => p.Key)))
            {
                var said = (await listing.ListFilesAsync(partition, cancellationToken)).Where(f => isCommitted(f.Name)).ToDictionary(f => f.Name, f => f.Length);
                var there = stored.GetValueOrDefault(partition) ?? new Dictionary<string, long>();
                foreach (var name in said.Keys.Union(there.Keys).Order(StringComparer.Ordinal))
                {
                    long? a = said.TryGetValue(name, out var x) ? x : null, b = there.TryGetValue(name, out var y) ? y : null;
                    if (a != b && !(b is null && going.Contains(name)))
                    {
                        Add(
                            TableProblemKind.MetadataTable, $"The metadata table says {(a is null ? "there is no such file" : $"{a} bytes")}, the storage {(b is null ? "has none" : $"{b} bytes")}",
                            partition.Length == 0 ? name : $"{partition}/{name}", repairable: true);
                    }
                }
            }
        }
        catch (LakehouseException e) when (e.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.NotFound)
        {
            Add(TableProblemKind.MetadataTable, "The metadata table cannot be read: " + e.Problem, e.Path, e.Instant, repairable: true);
        }
    }

    // Files that a clean deletes which is under way, or will be finished by the next: the metadata table learns of it last.
    private static async ValueTask<HashSet<string>> GoingAsync(TableState state, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var clean in state.Timeline.Pending.Where(i => i.Action == Actions.Clean))
        {
            names.UnionWith((await state.Client.ReadCleanPlanAsync(clean, cancellationToken)).Files.Values.SelectMany(f => f).Select(f => f[(f.LastIndexOf('/') + 1)..]));
        }

        return names;
    }

    private async ValueTask CheckKeysAsync(TableState state, CancellationToken cancellationToken)
    {
        var keys = new HashSet<UInt128>();
        string? partition = null;

        // Slices, and so rows, come partition by partition.
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = [MetaColumns.RecordKey, MetaColumns.PartitionPath] }, cancellationToken))
        {
            using (batch)
            {
                var (key, path) = ((StringArray)batch.Column(0), (StringArray)batch.Column(1));
                for (var row = 0; row < batch.Length; row++)
                {
                    if (path.GetString(row) is var p && p != partition)
                    {
                        partition = p;
                        keys.Clear();
                    }

                    if (!keys.Add(XxHash128.HashToUInt128(key.GetBytes(row))))
                    {
                        Add(TableProblemKind.DuplicateKey, $"The key '{key.GetString(row)}' is stored more than once in the partition '{partition}'");
                    }
                }
            }
        }
    }

    private static string? InstantOf(string name) =>
        FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) ? file.Instant : FileNames.TryParseLogFile(string.Empty, name, 0, out var log) ? log.Instant : null;
}
