namespace OllaLab.Lakehouse.TestSupport;

/// <summary>The system's clock, but for the time of day: timers go off as ever.</summary>
public sealed class OffsetClock(DateTimeOffset now) : TimeProvider
{
    private readonly TimeSpan offset = now - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
