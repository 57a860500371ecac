using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>One simulated history: a table, two to five writers, a service, a reader, on storage that fails; then quiet, and the invariants.</summary>
internal static class Run
{
    public static async Task<(int Steps, History History)> RunAsync(int seed, int steps, Mutation mutation = Mutation.None)
    {
        var world = new World(seed, mutation);
        var history = new History();
        var type = world.Next(2) == 0 ? TableType.CopyOnWrite : TableType.MergeOnRead;
        var options = new TableOptions { Name = "sim", Type = type, Keys = ["id"], Partitions = ["part"], MergeMode = MergeMode.CommitTime, Properties = new Dictionary<string, string> { ["hoodie.metadata.enable"] = world.HasMetadata ? "true" : "false" } };
        await (await LakehouseTable.CreateAsync(world.Objects, Row.Schema, options)).DisposeAsync();
        try
        {
            world.FaultRate = 0.004 * world.Next(4);
            var end = world.Steps + steps;
            var actors = new List<Task>();
            int writers = 2 + world.Next(4);
            for (int i = 0; i < writers; i++)
            {
                int number = i;
                actors.Add(Actor.StartAsync(world, actor => WriterAsync(world, actor, history, $"w{number}", end)));
            }

            actors.Add(Actor.StartAsync(world, actor => ReaderAsync(world, actor, history, end)));
            actors.Add(Actor.StartAsync(world, actor => Services.RunAsync(world, actor, history, end)));
            if (type == TableType.MergeOnRead)
            {
                actors.Add(Actor.StartAsync(world, actor => CompactorAsync(world, actor, end)));
            }

            await world.RunAsync(actors, steps);

            // All that died is dead for good; the next writer finds what they left.
            world.Clock.Move(TimeSpan.FromHours(1));
            await LastWriteAsync(world, history);
            Assert.Empty(world.Overwritten);
            await using var table = await LakehouseTable.OpenAsync(world.Objects);
            await new Invariants(table, world.Objects, history, world.HasMetadata).CheckAsync();
            history.Steps = world.Tail;
            return (world.Steps, history);
        }
        catch (Exception e)
        {
            throw new SimulationException(
                $"Seed {seed} failed ({type}, {steps} steps{(mutation == Mutation.None ? string.Empty : $", {mutation} broken")}). Replay: SIMULATION_SEED={seed} SIMULATION_STEPS={steps} dotnet test --project tests/Simulation --filter-class \"*SimulationTests\"\n{e}\nLast steps:\n{world.Tail}", e);
        }
    }

    private static async Task WriterAsync(World world, Actor actor, History history, string name, int end)
    {
        for (int life = 0; world.Steps < end; life++)
        {
            var process = new Process(world, $"{name}.{life}", TimeSpan.FromMilliseconds(actor.Next(4000) - 2000));
            try
            {
                await using var table = await LakehouseTable.OpenAsync(process.Store, process.Options);
                for (int n = 0; world.Steps < end && !process.IsDead; n++)
                {
                    await WriteAsync(world, actor, history, table, $"{name}.{life}.{n}");
                }
            }
            catch (LakehouseException)
            {
                // Opening failed; another process is started.
            }

            if (life > 0 && process.IsDead)
            {
                world.Clock.Move(TimeSpan.FromSeconds(actor.Next(200)));
            }
        }
    }

    private static async Task WriteAsync(World world, Actor actor, History history, LakehouseTable table, string name)
    {
        // Few keys, so that writers meet; a key's partition is its own.
        var keys = Enumerable.Range(0, 1 + actor.Next(4)).Select(_ => actor.Next(40)).Distinct().ToList();
        var rows = keys.Select(k => new Row($"k{k:00}", $"p{k % 3}", name)).ToList();
        var write = new Write(name, rows, Deletes: actor.Next(8) == 0, world.Steps);
        history.Writes[name] = write;
        try
        {
            var written = new WriteOptions
            {
                ExactRowGroupRows = 16, ExactMaxFileSize = 60_000, SmallFileLimit = 4_000, BloomEntries = 50, ExtraMetadata = new Dictionary<string, string> { ["write"] = name },
            };
            var result = await table.WriteAsync(write.Deletes ? WriteOperation.Delete : WriteOperation.Upsert, new[] { Row.ToBatch(rows) }.ToAsyncEnumerable(), written);
            if (result.Instant is not null)
            {
                (write.Instant, write.Acknowledged) = (result.Instant, world.Steps);
            }
        }
        catch (LakehouseException)
        {
            // Not acknowledged: it is there whole or not at all.
        }
    }

    private static async Task CompactorAsync(World world, Actor actor, int end)
    {
        for (int life = 0; world.Steps < end; life++)
        {
            var process = new Process(world, $"compactor.{life}", TimeSpan.Zero);
            try
            {
                await using var table = await LakehouseTable.OpenAsync(process.Store, process.Options);
                while (world.Steps < end && !process.IsDead)
                {
                    await table.CompactAsync();
                    await Task.Delay(TimeSpan.FromSeconds(1 + actor.Next(5)), process.Clock);
                }
            }
            catch (LakehouseException)
            {
                // The next one goes on where this one stopped.
            }
        }
    }

    private static async Task ReaderAsync(World world, Actor actor, History history, int end)
    {
        while (world.Steps < end)
        {
            var process = new Process(world, "reader", TimeSpan.Zero);
            try
            {
                await using var table = await LakehouseTable.OpenAsync(process.Store, process.Options);
                var timeline = (await table.RefreshAsync()).Timeline;

                // As of a time means what was requested by then: one that is complete must not have an older one still under way.
                var first = timeline.Pending.Where(i => Actions.IsWrite(i.Action)).Select(i => i.RequestedTime).FirstOrDefault();
                if (timeline.CompletedWrites.LastOrDefault(i => first is null || string.CompareOrdinal(i.RequestedTime, first) < 0) is { } latest)
                {
                    history.Snapshots.Add(new Snapshot(latest.RequestedTime, await Reader.ReadAsync(table, latest.RequestedTime)));
                }
            }
            catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Storage)
            {
            }

            await Task.Delay(TimeSpan.FromSeconds(1 + actor.Next(3)), process.Clock);
        }
    }

    private static async Task LastWriteAsync(World world, History history)
    {
        await world.RunAsync(
            [
                Actor.StartAsync(world, async actor =>
                {
                    var process = new Process(world, "last", TimeSpan.Zero);
                    await using var table = await LakehouseTable.OpenAsync(process.Store, process.Options);
                    if (table.Type == TableType.MergeOnRead)
                    {
                        await table.CompactAsync();
                    }

                    await WriteAsync(world, actor, history, table, "last");
                }),
            ],
            100_000);
    }
}

internal sealed class SimulationException(string message, Exception inner) : Exception(message, inner);
