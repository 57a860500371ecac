namespace OllaLab.Lakehouse.Simulation;

/// <summary>One who keeps the table in order: cleans, archives, clusters, makes savepoints and deletes them, each with settings of its own.</summary>
internal static class Services
{
    public static async Task RunAsync(World world, Actor actor, History history, int end)
    {
        for (int life = 0; world.Steps < end; life++)
        {
            var process = new Process(world, $"services.{life}", TimeSpan.FromMilliseconds(actor.Next(4000) - 2000));
            try
            {
                await using var table = await LakehouseTable.OpenAsync(process.Store, process.Options);
                while (world.Steps < end && !process.IsDead)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50 + actor.Next(400)), process.Clock);
                    await OnceAsync(actor, table, history);
                }
            }
            catch (LakehouseException)
            {
                // The next one goes on where this one stopped.
            }
        }
    }

    private static async Task OnceAsync(Actor actor, LakehouseTable table, History history)
    {
        var clean = new CleanOptions { CommitsRetained = 1 + actor.Next(3) };
        switch (actor.Next(7))
        {
            case 0 or 1:
                Note(history, "clean", (await table.CleanAsync(clean)).Count > 0);
                break;
            case 2 or 3:
                var archived = await table.ArchiveAsync(new ArchiveOptions { MinCommits = clean.CommitsRetained + 1, MaxCommits = clean.CommitsRetained + 2, Clean = clean, HistoryBatch = 2 });
                Note(history, "archive", archived.Instants.Count > 0);
                break;
            case 4:
                Note(history, "cluster", (await table.ClusterAsync(new ClusteringOptions { SmallFileLimit = 1_000_000, TargetFileSize = 1_000_000, MaxCommits = 1 })).Count > 0);
                break;
            case 5:
                var saved = await table.SavepointAsync();
                history.Savepoints[saved.Instant] = string.Join('\n', (await FilesAsync(table, saved.Instant)).Order(StringComparer.Ordinal));
                Note(history, "savepoint", true);
                break;
            default:
                if (history.Savepoints.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } oldest && history.Savepoints.TryRemove(oldest, out _))
                {
                    await table.DeleteSavepointAsync(oldest);
                }

                break;
        }
    }

    private static void Note(History history, string service, bool did) => history.Services.AddOrUpdate(service, did ? 1 : 0, (_, n) => did ? n + 1 : n);

    private static async Task<IEnumerable<string>> FilesAsync(LakehouseTable table, string instant) =>
        (await (await table.RefreshAsync()).View.GetAllSlicesAsync(instant)).Where(s => s.Base is not null).Select(s => s.Base!.Path);
}
