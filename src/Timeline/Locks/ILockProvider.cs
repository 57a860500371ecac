namespace OllaLab.Lakehouse.Locks;

/// <summary>
/// A lock on one table that writers in other processes share (org.apache.hudi.common.lock.LockProvider). The engine takes it for the two short sections of a commit alone: when an instant's time is
/// issued, and from the check for conflicts to the completed instant. One of your own is given by <see cref="ConcurrencyOptions.LockProvider"/>.
/// </summary>
public interface ILockProvider
{
    /// <summary>What is locked and how, for messages: a file's path, a key.</summary>
    string Description { get; }

    /// <summary>Tries once, without waiting for another holder to let go.</summary>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <returns>The lock, or null while another holds it, and where the answer of the storage is not known.</returns>
    ValueTask<ILockLease?> TryAcquireAsync(CancellationToken cancellationToken = default);
}
