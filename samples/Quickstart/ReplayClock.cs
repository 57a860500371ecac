namespace Quickstart;

/// <summary>A clock that the replay sets, so that the table's commits carry the times of that week. It moves on by a millisecond each time somebody looks.</summary>
internal sealed class ReplayClock : TimeProvider
{
    private long ticks;

    public DateTime Now
    {
        set => Interlocked.Exchange(ref ticks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref ticks, TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
