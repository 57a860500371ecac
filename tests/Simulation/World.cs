using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>
/// The shared storage, the time, and the one who decides what happens next. Each operation of each process waits here for its turn; when nobody computes any more one is let through, chosen by the seed, with
/// the fate that the seed gives it. Time goes on by a little with each step, and to the next timer when everybody sleeps.
/// </summary>
internal sealed class World
{
    private readonly Lock gate = new();
    private readonly Random random;
    private readonly Mutation mutation;
    private readonly List<Waiting> waiting = [];
    private readonly List<string> log = [];
    private static readonly int LogLength = int.TryParse(Environment.GetEnvironmentVariable("SIMULATION_LOG"), out var length) ? length : 200;
    private readonly ThreadPoolRest rest = new();

    public World(int seed, Mutation mutation)
    {
        random = new Random(seed);
        this.mutation = mutation;
        Resolution = random.Next(2) == 0 ? ConflictResolution.Simple : ConflictResolution.PreferWriter;
        HasMetadata = random.Next(3) > 0 && mutation != Mutation.Archive;
        Objects = new MemoryObjectStore("sim", Clock);
    }

    public SteppedClock Clock { get; } = new();

    public MemoryObjectStore Objects { get; }

    public Mutation Mutation => mutation;

    /// <summary>What all processes are told.</summary>
    public ConflictResolution Resolution { get; }

    /// <summary>Whether the table has a metadata table; one that has is archived only as far as that was compacted, after ten commits.</summary>
    public bool HasMetadata { get; }

    public int Steps { get; private set; }

    /// <summary>Chance of a fault, by operation; zero while a table is set up or looked at.</summary>
    public double FaultRate { get; set; }

    /// <summary>The last steps, for a failure's message.</summary>
    public string Tail => string.Join('\n', log.TakeLast(LogLength));

    public int Next(int below)
    {
        lock (gate)
        {
            return random.Next(below);
        }
    }

    /// <summary>Waits for the operation's turn; what is to become of it.</summary>
    public Task<Fate> TurnAsync(Process process, StorageOperationKind kind, string path)
    {
        var turn = new Waiting(process, kind, path, ThreadPoolRest.IsAwaitedByAThread);
        lock (gate)
        {
            waiting.Add(turn);
        }

        rest.Note();
        return turn.Decided.Task;
    }

    /// <summary>Lets things happen until all tasks have ended; after so many steps without faults.</summary>
    public async Task RunAsync(IReadOnlyList<Task> tasks, int maxSteps)
    {
        var all = Task.WhenAll(tasks);

        // On a thread of its own: those of the pool are watched.
        await Task.Factory.StartNew(() => LetHappen(all, Steps + maxSteps), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await all;
    }

    /// <summary>Files of the timeline that someone put without asking that there be none.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> Overwritten { get; } = [];

    private void LetHappen(Task all, int end)
    {
        for (WaitForAll(); !all.IsCompleted; WaitForAll())
        {
            FaultRate = Steps < end ? FaultRate : 0;
            if (!Step())
            {
                Clock.Move(Clock.NextTimer is { } due && due > TimeSpan.Zero ? due : TimeSpan.FromMilliseconds(20));
            }
        }

        // What timers have begun ends.
        while (Step())
        {
            WaitForAll();
        }
    }

    private void WaitForAll() => rest.Wait(() =>
    {
        lock (gate)
        {
            return waiting.Count(w => w.IsAwaitedByAThread);
        }
    });

    private bool Step()
    {
        Waiting chosen;
        Fate fate;
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                return false;
            }

            // Threads arrive in any order: the choice must not depend on it.
            waiting.Sort(static (a, b) => (a.Process.Name, a.Kind, a.Path).CompareTo((b.Process.Name, b.Kind, b.Path)));
            var awake = waiting.Where(w => w.Process.SleepsUntil <= Steps).ToList();
            chosen = (awake.Count > 0 ? awake : waiting)[random.Next(awake.Count > 0 ? awake.Count : waiting.Count)];
            fate = chosen.Process.IsDead ? Fate.Fail : Decide(chosen);
            Steps++;
            log.Add($"{Steps} {chosen.Process.Name} {chosen.Kind} {chosen.Path}{(fate == Fate.Proceed ? string.Empty : " -> " + fate)}");
        }

        Pass(TimeSpan.FromMilliseconds(1 + Next(8)));
        lock (gate)
        {
            waiting.Remove(chosen);
        }

        chosen.Decided.SetResult(fate);
        return true;
    }

    // What a timer begins comes to rest before anything else goes on: both may ask for the next of the process's names.
    private void Pass(TimeSpan time)
    {
        WaitForAll();
        while (Clock.NextTimer is { } due && due > TimeSpan.Zero && due <= time)
        {
            Clock.Move(due);
            time -= due;
            WaitForAll();
        }

        Clock.Move(time);
        WaitForAll();
    }

    private Fate Decide(Waiting operation)
    {
        if (random.NextDouble() >= FaultRate)
        {
            return Fate.Proceed;
        }

        switch (random.Next(10))
        {
            case 0:
                operation.Process.IsDead = true;
                return random.Next(2) == 0 ? Fate.Fail : Fate.LoseReply;
            case 1:
                // It sleeps: past its lock and its heartbeats, or only for a while.
                operation.Process.SleepsUntil = Steps + random.Next(400);
                Clock.Move(TimeSpan.FromSeconds(random.Next(400)));
                return Fate.Proceed;
            case 2 or 3 or 4:
                return Fate.LoseReply;
            default:
                return random.Next(2) == 0 ? Fate.Fail : Fate.Doubt;
        }
    }

    private sealed record Waiting(Process Process, StorageOperationKind Kind, string Path, bool IsAwaitedByAThread)
    {
        public TaskCompletionSource<Fate> Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What becomes of an operation.</summary>
internal enum Fate
{
    Proceed,

    /// <summary>It is not done, and said to have failed.</summary>
    Fail,

    /// <summary>It is not done, and said to have failed; of a put: that nobody knows.</summary>
    Doubt,

    /// <summary>It is done, and said to have failed; of a put: that nobody knows.</summary>
    LoseReply,
}

/// <summary>What is broken on purpose, to see that an invariant notices.</summary>
internal enum Mutation
{
    None,

    /// <summary>Everybody gets the lock.</summary>
    Lock,

    /// <summary>A put of which nobody knows whether it took place is taken for done instead of being read back.</summary>
    ReadBack,

    /// <summary>Markers are not written.</summary>
    Markers,

    /// <summary>Whoever deletes a data file deletes another of its folder too.</summary>
    Cleaner,

    /// <summary>What is archived is not written.</summary>
    Archive,
}
