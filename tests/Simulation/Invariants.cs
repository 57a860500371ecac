using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>What must hold when all has come to rest, whatever happened on the way. Each says why.</summary>
internal sealed class Invariants(LakehouseTable table, IObjectStore objects, History history, bool hasMetadata)
{
    private const string MetaColumn = "_hoodie_";

    public async Task CheckAsync()
    {
        var state = await table.RefreshAsync(withCompletionTimes: true);
        var commits = await CommitsAsync(state);
        NoAcknowledgedWriteIsLost(commits);
        TimesAreUniqueAndGrow(await AllAsync(state), commits);
        await WhatIsReadIsWhatWasCommittedAsync(commits);
        await SnapshotsRepeatAsync(state);
        await WhatSavepointsNameIsThereAsync();
        await RetainedVersionsAreThereAsync(state);
        await NoFileIsLeftOverAsync(state);
        if (hasMetadata)
        {
            await TheMetadataTableIsTheListingAsync();
        }

    }

    /// <summary>A caller that was told of success builds on it: the write's instant is completed, and stays so.</summary>
    private void NoAcknowledgedWriteIsLost(IReadOnlyList<(Instant Instant, Write Write)> commits)
    {
        var there = commits.ToDictionary(c => c.Write.Name, c => c.Instant.RequestedTime);
        foreach (var write in history.Writes.Values.Where(w => w.Acknowledged is not null))
        {
            Assert.True(there.TryGetValue(write.Name, out var instant), $"The acknowledged write {write.Name} ({write.Instant}) is not on the timeline.");
            Assert.Equal(write.Instant, instant);
        }

        // A write that was made again after a conflict takes effect once.
        Assert.Equal(commits.Count, there.Count);
    }

    /// <summary>Readers of changes and the slices of logs go by these times: one that comes late must not lie before what was seen already, and none may come twice.</summary>
    private void TimesAreUniqueAndGrow(IReadOnlyList<Instant> all, IReadOnlyList<(Instant Instant, Write Write)> commits)
    {
        // A savepoint bears its commit's time.
        var times = all.SelectMany(i => (i.CompletionTime is { } c ? new[] { c } : []).Concat(i.Action == Actions.Savepoint ? [] : [i.RequestedTime])).ToList();
        Assert.Distinct(times);
        Assert.All(all.Where(i => i.CompletionTime is not null), i => Assert.True(string.CompareOrdinal(i.RequestedTime, i.CompletionTime) < 0));
        foreach (var (before, told) in commits.Where(c => c.Write.Acknowledged is not null))
        {
            foreach (var (after, begun) in commits.Where(c => c.Write.Began > told.Acknowledged))
            {
                Assert.True(string.CompareOrdinal(before.CompletionTime, after.RequestedTime) < 0, $"{begun.Name} began after {told.Name} was acknowledged, but {after.RequestedTime} is before {before.CompletionTime}.");
            }
        }
    }

    /// <summary>Each commit is in the table whole, and nothing else: the rows are those of the commits, one after the other in the order of completion. A lost update, half a write, a key stored twice, or a file that is missing would show.</summary>
    private async Task WhatIsReadIsWhatWasCommittedAsync(IReadOnlyList<(Instant Instant, Write Write)> commits)
    {
        var rows = new SortedDictionary<string, Row>(StringComparer.Ordinal);
        foreach (var (_, write) in commits.OrderBy(c => c.Instant.CompletionTime, StringComparer.Ordinal))
        {
            foreach (var row in write.Rows)
            {
                if (write.Deletes)
                {
                    rows.Remove(row.Id);
                }
                else
                {
                    rows[row.Id] = row;
                }
            }
        }

        var expected = string.Join('\n', rows.Values.Select(r => $"{r.Id} {r.Part} {r.Write}"));
        var actual = await Reader.ReadAsync(table);
        if (expected != actual)
        {
            var keys = expected.Split('\n').Except(actual.Split('\n')).Concat(actual.Split('\n').Except(expected.Split('\n'))).Select(r => r.Split(' ')[0]).ToHashSet();
            var stored = (await Reader.ReadAsync(table, null, ["id", "w", MetaColumn + "commit_time", MetaColumn + "file_name"])).Split('\n').Where(r => keys.Contains(r.Split(' ')[0]));
            var writes = commits.OrderBy(c => c.Instant.CompletionTime, StringComparer.Ordinal).Where(c => c.Write.Rows.Any(r => keys.Contains(r.Id)))
                .Select(c => $"{c.Instant.RequestedTime} to {c.Instant.CompletionTime}: {c.Write.Name} {(c.Write.Deletes ? "deletes" : "writes")} {string.Join(' ', c.Write.Rows.Select(r => r.Id))}");
            Assert.Fail($"Expected:\n{expected}\nActual:\n{actual}\nStored:\n{string.Join('\n', stored)}\nCommitted:\n{string.Join('\n', writes)}");
        }
    }

    /// <summary>A report that names its instant is the same whenever it is made again, or refused once a cleaner has been there; never something else.</summary>
    private async Task SnapshotsRepeatAsync(TableState state)
    {
        var kept = await KeptFromAsync(state);
        foreach (var snapshot in history.Snapshots.Distinct())
        {
            try
            {
                Assert.Equal($"{snapshot.Instant}:\n{snapshot.Rows}", $"{snapshot.Instant}:\n{await Reader.ReadAsync(table, snapshot.Instant)}");
            }
            catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.InvalidInput && string.CompareOrdinal(snapshot.Instant, kept) < 0)
            {
                // It is gone, and said to be.
            }
        }
    }

    /// <summary>A cleaner that is told to keep so many commits keeps each version that a query as of them needs: each of them can be read.</summary>
    private async Task RetainedVersionsAreThereAsync(TableState state)
    {
        var kept = await KeptFromAsync(state);
        foreach (var write in state.Timeline.CompletedWrites.Where(w => string.CompareOrdinal(w.RequestedTime, kept) >= 0))
        {
            await Reader.ReadAsync(table, write.RequestedTime);
        }
    }

    /// <summary>A savepoint is what a table can be restored to: no file that it names is ever cleaned.</summary>
    private async Task WhatSavepointsNameIsThereAsync()
    {
        foreach (var (instant, files) in history.Savepoints)
        {
            foreach (var file in files.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.True(await objects.GetInfoAsync(file) is not null, $"{file} of the savepoint {instant} is gone.");
            }
        }
    }

    private static async Task<string> KeptFromAsync(TableState state)
    {
        var kept = string.Empty;
        foreach (var clean in state.Timeline.Instants.Where(i => i.Action == Actions.Clean))
        {
            var earliest = clean.IsCompleted ? (await state.Client.ReadCleanMetadataAsync(clean)).EarliestCommitToRetain : (await state.Client.ReadCleanPlanAsync(clean)).EarliestToRetain?.Time ?? string.Empty;
            kept = string.CompareOrdinal(earliest, kept) > 0 ? earliest : kept;
        }

        foreach (var clean in (await state.Client.ReadArchivedAsync(withContent: true)).Instants.Select(i => i.Clean).OfType<CleanMetadata>())
        {
            kept = string.CompareOrdinal(clean.EarliestCommitToRetain, kept) > 0 ? clean.EarliestCommitToRetain : kept;
        }

        return kept;
    }

    /// <summary>
    /// A data file without an instant counts as committed once the timeline is archived past it (HoodieTimeline.containsOrBeforeTimelineStarts): rollbacks must find them all. One that a writer made after
    /// it was rolled back, before it died, must not be that old, and its marker must be there.
    /// </summary>
    private async Task NoFileIsLeftOverAsync(TableState state)
    {
        var instants = (await AllAsync(state)).Select(i => i.RequestedTime).ToHashSet();
        var markers = await objects.ListAsync(".hoodie/.temp", recursive: true).Select(m => m.Path).ToListAsync();
        await foreach (var entry in objects.ListAsync(string.Empty, recursive: true))
        {
            var folder = ObjectPath.Folder(entry.Path);
            if (!entry.Path.StartsWith(".hoodie", StringComparison.Ordinal)
                && (FileNames.TryParseBaseFile(folder, entry.Name, 0, out var file) ? file.Instant : FileNames.TryParseLogFile(folder, entry.Name, 0, out var log) ? log.Instant : null) is { } instant)
            {
                Assert.True(instants.Contains(instant) || (!state.Timeline.IsBeforeStart(instant) && markers.Any(m => m.StartsWith($".hoodie/.temp/{instant}/{entry.Path}.marker.", StringComparison.Ordinal))), $"{entry.Path} is of no instant.");
            }
        }

        var beats = await objects.ListAsync(".hoodie/.heartbeat", recursive: true).Select(b => $"{b.Name} at {b.Modified:O}").ToListAsync();
        var pending = state.Timeline.Pending.Where(i => Actions.IsWrite(i.Action)).ToList();
        Assert.True(pending.Count == 0, $"Dead writes are not rolled back: {string.Join(", ", pending)}; heartbeats: {string.Join(", ", beats)}");
    }

    /// <summary>Readers that trust the metadata table must find the files, with their lengths, that those find who list the storage.</summary>
    private async Task TheMetadataTableIsTheListingAsync()
    {
        async Task<string> FilesAsync(bool useMetadata)
        {
            var state = await TableState.LoadAsync(objects, LakehouseEnvironment.System, useMetadata: useMetadata);
            Assert.Equal(useMetadata, state.HasMetadata);
            var slices = await state.View.GetAllSlicesAsync();
            var files = slices.SelectMany(s => s.Logs.Select(l => $"{l.Path} {l.Length}").Append(s.Base is { } b ? $"{b.Path} {b.Length}" : s.FileId));
            return string.Join('\n', files.Order(StringComparer.Ordinal));
        }

        Assert.Equal(await FilesAsync(useMetadata: false), await FilesAsync(useMetadata: true));
    }

    /// <summary>Of the active timeline and the archive: what is archived stays readable, with what it held.</summary>
    private async Task<IReadOnlyList<(Instant Instant, Write Write)>> CommitsAsync(TableState state)
    {
        var commits = new List<(Instant, Write)>();
        foreach (var instant in (await AllAsync(state)).Where(i => i.IsCompleted && Actions.IsWrite(i.Action)))
        {
            var metadata = await state.Client.ReadCommitMetadataAsync(instant);
            if (metadata.ExtraMetadata.TryGetValue("write", out var name))
            {
                commits.Add((instant, history.Writes[name]));
            }
        }

        return commits;
    }

    // An archiving that was interrupted leaves an instant in both.
    private static async Task<IReadOnlyList<Instant>> AllAsync(TableState state) =>
        [.. state.Timeline.Instants.Concat((await state.Client.ReadArchivedAsync()).Instants.Select(i => i.Instant)).DistinctBy(i => (i.RequestedTime, i.Action))];
}
