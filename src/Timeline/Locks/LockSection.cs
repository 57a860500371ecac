namespace OllaLab.Lakehouse.Locks;

/// <summary>The time during which the table's lock is held.</summary>
internal sealed class LockSection(LakehouseEnvironment environment, ILockLease? lease, string root, string? description)
{
    /// <summary>When an instant's time was last issued; null: none was.</summary>
    public long? Issued { get; set; }

    /// <summary>Whether it is over: what was started within it and still runs must take the lock anew.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Whether the lock may have ended without our knowing: asked after a commit took effect.</summary>
    public async ValueTask<bool> MayHaveEndedAsync() =>
        lease?.ValidUntil is { } end && environment.Clock.GetUtcNow() >= end - StorageLockFile.ClockDrift && !await TryVerifyAsync();

    /// <inheritdoc cref="RequireHeldAsync(string?, CancellationToken)"/>
    public ValueTask RequireHeldAsync(CancellationToken cancellationToken) => RequireHeldAsync(null, cancellationToken);

    /// <summary>Asked just before what must not be done without the lock.</summary>
    /// <param name="instant">What is about to take effect; null: no instant.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>: the lock was lost.</exception>
    public async ValueTask RequireHeldAsync(string? instant, CancellationToken cancellationToken)
    {
        if (lease is not null && !await lease.VerifyAsync(cancellationToken))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, $"The table's lock {description} was lost before the commit: this process was held up for longer than the lock lasts, or someone removed it (a Java writer that closes does so with the file lock, whoever holds it)", root, instant: instant, remedy: "Repeat the operation");
        }
    }

    private async ValueTask<bool> TryVerifyAsync()
    {
        try
        {
            return await lease!.VerifyAsync();
        }
        catch (LakehouseException)
        {
            return false;
        }
    }
}
