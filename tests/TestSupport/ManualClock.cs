namespace OllaLab.Lakehouse.TestSupport;

/// <summary>A clock that stands still until it is moved, in either direction.</summary>
public sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset current = now;

    public ManualClock()
        : this(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow() => current;

    public void Move(TimeSpan by) => current += by;
}
