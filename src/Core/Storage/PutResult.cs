namespace OllaLab.Lakehouse.Storage;

/// <summary>The three outcomes of a put.</summary>
public enum PutOutcome
{
    /// <summary>The content is there, durable.</summary>
    Committed,

    /// <summary>The condition did not hold; nothing was written.</summary>
    Conflict,

    /// <summary>The storage did not say. The content may be there, or come yet: nothing may be deleted on this answer, the target is to be read back.</summary>
    Unknown,
}

/// <summary>The answer to a put.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Version">The new version when committed, else null.</param>
/// <param name="Cause">Why it is unknown, else null.</param>
public readonly record struct PutResult(PutOutcome Outcome, string? Version = null, Exception? Cause = null);
