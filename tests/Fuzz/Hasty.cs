namespace OllaLab.Lakehouse.Fuzz;

/// <summary>A clock on which nobody waits: pauses before another try are over at once.</summary>
internal sealed class Hasty : TimeProvider
{
    public static LakehouseEnvironment Environment { get; } = new(new Hasty(), Guid.NewGuid);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromMinutes(1) ? TimeSpan.Zero : dueTime, period);
}
