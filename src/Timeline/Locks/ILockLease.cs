namespace OllaLab.Lakehouse.Locks;

/// <summary>A lock that is held. Disposing it releases the lock if it is still held, and never another's.</summary>
public interface ILockLease : IAsyncDisposable
{
    /// <summary>The moment, by the clock of this process, from which another may take the lock unless it is renewed; null for a lock that does not expire.</summary>
    DateTimeOffset? ValidUntil { get; }

    /// <summary>
    /// Asks the place where the lock is kept whether it is still this holder's, and renews it where its time is running out. Asked just before a commit takes effect: a holder that slept past its
    /// time must not commit.
    /// </summary>
    /// <param name="cancellationToken">Gives it up.</param>
    ValueTask<bool> VerifyAsync(CancellationToken cancellationToken = default);
}
