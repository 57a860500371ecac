namespace OllaLab.Lakehouse.TestSupport;

/// <summary>The system's clock, but for the time of day: timers go off as ever.</summary>
public sealed class OffsetClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>By what the time of day is ahead.</summary>
    public TimeSpan Offset { get; set; } = now - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
