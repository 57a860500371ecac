namespace OllaLab.Lakehouse.Locks;

/// <summary>The lock providers of this engine, for <see cref="ConcurrencyOptions.LockProvider"/>.</summary>
public static class LockProviders
{
    /// <summary>Writers of this process alone (InProcessLockProvider).</summary>
    public static Func<LockContext, ILockProvider?> InProcess { get; } = static _ => null;

    /// <summary>
    /// A file whose presence is the lock, the one that Java's FileSystemBasedLockProvider uses, so that Java writers of a table on a local disk and writers of this engine exclude one another.
    /// </summary>
    /// <param name="path">The folder of the file "lock" (hoodie.write.lock.filesystem.path); null: the table's .hoodie. One outside the table is on the local disk.</param>
    /// <param name="expire">After how long a lock counts as a dead holder's, in whole minutes; zero, the default: never (hoodie.write.lock.filesystem.expire). All writers must be given the same.</param>
    public static Func<LockContext, ILockProvider?> FileSystem(string? path = null, TimeSpan expire = default) => context => FileSystemLockProvider.Create(context, path, expire);

    /// <summary>
    /// A small object that is replaced by conditional writes, in the format of Java's StorageBasedLockProvider (.hoodie/.locks/table_lock.json): needs nothing but the object store, and a dead
    /// holder's lock ends by itself. Java uses it on S3, Google and Azure storage only; this engine on any storage with compare-and-swap, local disks on Linux among them.
    /// </summary>
    /// <param name="validity">How long a lock is valid without being renewed, at least ten times <paramref name="renewal"/>; null: 300 s (hoodie.write.lock.storage.validity.timeout.secs).</param>
    /// <param name="renewal">How often it is renewed; null: 30 s (hoodie.write.lock.storage.renew.interval.secs).</param>
    public static Func<LockContext, ILockProvider?> StorageBased(TimeSpan? validity = null, TimeSpan? renewal = null) =>
        context => new StorageBasedLockProvider(context, validity ?? TimeSpan.FromSeconds(300), renewal ?? TimeSpan.FromSeconds(30));
}
