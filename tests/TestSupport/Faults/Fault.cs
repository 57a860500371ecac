namespace OllaLab.Lakehouse.TestSupport;

/// <summary>How an operation fails.</summary>
public enum Fault
{
    /// <summary>It throws a storage error and had no effect.</summary>
    Before,

    /// <summary>It had its effect, but the reply is lost: a put answers Unknown, everything else throws.</summary>
    LostReply,

    /// <summary>A put answers Unknown and had no effect; everything else throws.</summary>
    UnknownWithoutEffect,

    /// <summary>A put answers Unknown and takes effect later, at <see cref="FaultPlan.ReleaseDelayedAsync"/> or some operations on; everything else throws.</summary>
    DelayedSuccess,

    /// <summary>A large object's stream takes half of what is written, then throws; everything else throws and had no effect.</summary>
    Torn,
}
