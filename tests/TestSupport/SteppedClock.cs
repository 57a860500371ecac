namespace OllaLab.Lakehouse.TestSupport;

/// <summary>A clock with timers that goes forward only when it is told to; timers that are due go off in their order, on the caller's thread.</summary>
public sealed class SteppedClock(DateTimeOffset now) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<SteppedTimer> timers = [];
    private TimeSpan elapsed;

    public SteppedClock()
        : this(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>By what the wall clock is wrong; timers and elapsed time do not care.</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer goes off; null: there is none.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (gate)
            {
                return timers.Where(t => t.Due is not null).Select(t => t.Due!.Value - elapsed).Order().Cast<TimeSpan?>().FirstOrDefault();
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now + elapsed + Skew;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed.Ticks;
        }
    }

    public void Move(TimeSpan by)
    {
        TimeSpan end;
        lock (gate)
        {
            end = elapsed + by;
        }

        while (true)
        {
            SteppedTimer? due;
            lock (gate)
            {
                due = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                elapsed = due is null ? end : TimeSpan.FromTicks(Math.Max(elapsed.Ticks, due.Due!.Value.Ticks));
                due?.Next(elapsed);
            }

            if (due is null)
            {
                return;
            }

            due.Run();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate)
        {
            timers.Add(timer);
        }

        return timer;
    }

    private sealed class SteppedTimer(SteppedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public TimeSpan? Due { get; private set; }

        public void Next(TimeSpan now) => Due = period > TimeSpan.Zero ? now + period : null;

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                period = newPeriod;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.elapsed + dueTime;
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                Due = null;
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
