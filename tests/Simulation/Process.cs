using OllaLab.Lakehouse.Locks;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>A process: a view of its own of storage and time. A dead one's operations all fail.</summary>
internal sealed class Process
{
    public Process(World world, string name, TimeSpan skew)
    {
        Name = name;
        Clock = new ProcessClock(world, skew);
        var ids = 0;
        Store = new SimulatedStore(world, this);
        Options = new LakehouseOptions
        {
            Threads = 1,

            // What is broken is noticed sooner without services after each write.
            Write = new WriteOptions { ExactRowGroupRows = 16, ExactMaxFileSize = 60_000, SmallFileLimit = 4_000, BloomEntries = 50, AutoClean = world.Mutation == Mutation.None, AutoArchive = world.Mutation == Mutation.None },
            Environment = new LakehouseEnvironment(Clock, () => MakeGuid(name, Interlocked.Increment(ref ids))),
            Concurrency = new ConcurrencyOptions
            {
                Mode = WriteConcurrencyMode.OptimisticConcurrencyControl,
                MaxClockSkew = TimeSpan.Zero,
                ConflictRetries = 3,
                ConflictResolution = world.Resolution,
                ExactLockTimeout = TimeSpan.FromMinutes(20),
                LockProvider = world.Mutation == Mutation.Lock ? _ => new BrokenLock() : LockProviders.StorageBased(),
            },
        };
    }

    public string Name { get; }

    public TimeProvider Clock { get; }

    public SimulatedStore Store { get; }

    public LakehouseOptions Options { get; }

    public bool IsDead { get; set; }

    /// <summary>The step before which it does nothing, unless nobody else has anything to do.</summary>
    public int SleepsUntil { get; set; }

    private static Guid MakeGuid(string name, int id) => new(HashCode(name), (short)(id >> 16), (short)id, 1, 2, 3, 4, 5, 6, 7, 8);

    private static int HashCode(string text) => text.Aggregate(17, (h, c) => (h * 31) + c);

    private sealed class ProcessClock(World world, TimeSpan skew) : TimeProvider
    {
        public override long TimestampFrequency => world.Clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => world.Clock.GetUtcNow() + skew;

        public override long GetTimestamp() => world.Clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => world.Clock.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class BrokenLock : ILockProvider, ILockLease
    {
        public string Description => "broken";

        public DateTimeOffset? ValidUntil => null;

        public ValueTask<ILockLease?> TryAcquireAsync(CancellationToken cancellationToken = default) => new(this);

        public ValueTask<bool> VerifyAsync(CancellationToken cancellationToken = default) => new(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A writer, reader or service through all its processes, with choices of its own, which do not depend on when others make theirs.</summary>
internal sealed class Actor(Random random)
{
    public int Next(int below) => random.Next(below);

    /// <summary>Its work.</summary>
    public static Task StartAsync(World world, Func<Actor, Task> work)
    {
        var actor = new Actor(new Random(world.Next(int.MaxValue)));
        return Task.Run(() => work(actor));
    }
}
