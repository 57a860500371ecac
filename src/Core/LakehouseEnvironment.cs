#pragma warning disable RS0030 // This is the one place that names the system's clock and randomness.
namespace OllaLab.Lakehouse;

/// <summary>Time and randomness, injected, so that several writers run in one process under a seeded test.</summary>
public sealed class LakehouseEnvironment
{
    /// <summary>The system's clock and random identifiers.</summary>
    public static LakehouseEnvironment System { get; } = new(TimeProvider.System, Guid.NewGuid);

    /// <summary>An environment of the caller's own.</summary>
    /// <param name="clock">The clock that instants, leases and statistics are read from.</param>
    /// <param name="newGuid">Makes file group ids and lock owners; must not repeat.</param>
    public LakehouseEnvironment(TimeProvider clock, Func<Guid> newGuid)
    {
        Clock = clock;
        NewGuid = newGuid;
    }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Makes a new random identifier.</summary>
    public Func<Guid> NewGuid { get; }
}
