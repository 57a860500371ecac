using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>A whole table with one damaged file: read in every way, and written to by services and writes. What each part of it refuses is its own affair; nothing else may come out.</summary>
internal static class TableTarget
{
    public const string Name = "table";

    public static FuzzTarget Make()
    {
        // As often of each kind: the timeline's files are many and small, base files large.
        var samples = Corpus.Tables.SelectMany(t => t.Files).Where(f => f.Content.Length > 0).GroupBy(Kind).SelectMany(kind =>
        {
            var files = kind.ToList();
            return Enumerable.Range(0, 100).Select(i => files[i * Math.Max(1, files.Count / 100) % files.Count]);
        });
        return new FuzzTarget(Name, [.. samples], DecodeAsync, MostBytes: 1L << 30);
    }

    private static string Kind(Sample sample)
    {
        var path = CorpusTable.PathOf(sample);
        var name = path[(path.LastIndexOf('/') + 1)..];
        var folder = path.Contains(".hoodie/metadata/", StringComparison.Ordinal) ? "metadata " : string.Empty;
        return folder + (name.Contains(".log.", StringComparison.Ordinal) ? "log" : name.StartsWith("manifest", StringComparison.Ordinal) ? "manifest" : name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
    }

    private static async Task DecodeAsync(Sample damaged)
    {
        var table = Corpus.Tables.Single(t => damaged.Name.StartsWith(t.Name + "!", StringComparison.Ordinal));
        var store = new MemoryObjectStore();
        foreach (var file in table.Files)
        {
            var path = CorpusTable.PathOf(file);
            await store.PutAsync(path, file.Name == damaged.Name ? damaged.Content : file.Content, PutCondition.None);
            await store.TrySetModifiedAsync(path, table.Modified[path]);
        }

        var refusals = new List<LakehouseException>();
        await using var opened = await LakehouseTable.OpenAsync(store, new LakehouseOptions { Threads = 1, Environment = Hasty.Environment });
        await TryAsync(refusals, () => ReadAsync(opened.ReadAsync()));
        if (opened.Properties.GetValueOrDefault("hoodie.table.cdc.enabled") == "true")
        {
            await TryAsync(refusals, () => ReadAsync(opened.ReadChangesAsync("0")));
        }

        await TryAsync(refusals, () => ReadAsync(opened.ReadAsync(new ReadOptions { Begin = "0" })));
        await TryAsync(refusals, async () => await opened.ValidateAsync());
        await TryAsync(refusals, async () => await opened.GetStatisticsAsync());
        await TryAsync(refusals, async () => await opened.GetIndexesAsync());
        await TryAsync(refusals, async () => await opened.GetSavepointsAsync());
        await TryAsync(refusals, () => TimelineAsync(refusals, opened));
        if (damaged.Content.Length % 2 == 0)
        {
            await TryAsync(refusals, async () => await opened.CleanAsync(new CleanOptions { CommitsRetained = 1 }));
            await TryAsync(refusals, async () => await opened.ArchiveAsync(new ArchiveOptions { MinCommits = 2, MaxCommits = 3, Clean = new CleanOptions { CommitsRetained = 1 } }));
            if (opened.Type == TableType.MergeOnRead)
            {
                await TryAsync(refusals, async () => await opened.CompactAsync(new CompactionOptions { DeltaCommits = 1 }));
            }

            await TryAsync(refusals, async () => await opened.DeleteAsync(Predicates.Column("_hoodie_record_key") != "none"));
        }

        if (refusals.Count > 0)
        {
            throw refusals[0];
        }
    }

    private static async Task TimelineAsync(List<LakehouseException> refusals, LakehouseTable table)
    {
        var state = await table.RefreshAsync();
        await TryAsync(refusals, async () => await state.Client.ReadArchivedAsync(withContent: true));
        foreach (var instant in state.Timeline.Instants)
        {
            await TryAsync(refusals, async () =>
            {
                _ = instant.Action switch
                {
                    Actions.Clean => (object)await state.Client.ReadCleanPlanAsync(instant),
                    Actions.Restore => await state.Client.ReadRestorePlanAsync(instant),
                    _ when Actions.IsWrite(instant.Action) && instant.IsCompleted => await state.Client.ReadCommitMetadataAsync(instant),
                    _ => string.Empty,
                };
            });
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<Apache.Arrow.RecordBatch> batches)
    {
        await foreach (var batch in batches)
        {
            batch.Dispose();
        }
    }

    private static async Task TryAsync(List<LakehouseException> refusals, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (LakehouseException e)
        {
            refusals.Add(e);
        }
    }
}
