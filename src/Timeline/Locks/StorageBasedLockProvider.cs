using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Locks;

/// <summary>
/// StorageBasedLockProvider: a lease in one object, each change of it conditional on the version seen before. Released by "expired", never deleted. Whoever finds it over by more than
/// <see cref="StorageLockFile.ClockDrift"/> may take it.
/// </summary>
internal sealed class StorageBasedLockProvider : ILockProvider
{
    private readonly IObjectStore store;
    private readonly LakehouseEnvironment environment;
    private readonly TimeSpan validity;
    private readonly TimeSpan renewal;
    private readonly string owner;

    public StorageBasedLockProvider(LockContext context, TimeSpan validity, TimeSpan renewal)
    {
        (store, environment) = (context.Store, context.Environment);
        (this.validity, this.renewal) = (validity, renewal);
        owner = environment.NewGuid().ToString();
        if (renewal < TimeSpan.FromMilliseconds(1) || validity < 10 * renewal)
        {
            // StorageBasedLockConfig says the same.
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, "hoodie.write.lock.storage.validity.timeout.secs must be at least ten times hoodie.write.lock.storage.renew.interval.secs", store.Root, remedy: "Renew more often");
        }

        if (!store.Capabilities.CompareAndSwap || !store.Capabilities.PutIfAbsent)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "The storage-based lock needs conditional writes, which this storage does not have", store.Root, remedy: "Use FileSystemBasedLockProvider");
        }
    }

    public string Description => $"{store.Root}/{StorageLockFile.Path}";

    public async ValueTask<ILockLease?> TryAcquireAsync(CancellationToken cancellationToken = default)
    {
        var there = await StorageLockFile.ReadAsync(store, cancellationToken);
        var now = environment.Clock.GetUtcNow();
        if (there is not null && there.IsHeld(now) && there.Owner != owner)
        {
            return null;
        }

        // One of our own that is not over is what an attempt with an unknown outcome left: its lease is not held by anyone.
        var (version, validUntil) = await PutAsync(there?.Version, now + validity, false, cancellationToken);
        if (version is null)
        {
            return null;
        }

        var audit = await StorageLockAudit.StartAsync(store, owner, now, validity, cancellationToken);
        return new Lease(this, version, validUntil, audit);
    }

    /// <returns>The new version; null where another was faster, or nobody knows.</returns>
    private async ValueTask<(string? Version, DateTimeOffset ValidUntil)> PutAsync(string? version, DateTimeOffset validUntil, bool expired, CancellationToken cancellationToken)
    {
        validUntil = DateTimeOffset.FromUnixTimeMilliseconds(validUntil.ToUnixTimeMilliseconds());
        var content = StorageLockFile.Write(expired, validUntil.ToUnixTimeMilliseconds(), owner);
        var put = await store.PutAsync(StorageLockFile.Path, content, version is null ? PutCondition.IfAbsent : PutCondition.IfMatch(version), cancellationToken);
        if (put.Outcome == PutOutcome.Unknown
            && await StorageLockFile.ReadAsync(store, cancellationToken) is { } there
            && there.Owner == owner && there.ValidUntil == validUntil.ToUnixTimeMilliseconds() && there.Expired == expired)
        {
            return (there.Version, validUntil);
        }

        return (put.Outcome == PutOutcome.Committed ? put.Version : null, validUntil);
    }

    private sealed class Lease : ILockLease
    {
        private readonly StorageBasedLockProvider provider;
        private readonly StorageLockAudit? audit;
        private readonly SemaphoreSlim gate = new(1);
        private readonly ITimer timer;
        private string? version;
        private DateTimeOffset validUntil;

        public Lease(StorageBasedLockProvider provider, string version, DateTimeOffset validUntil, StorageLockAudit? audit)
        {
            (this.provider, this.version, this.validUntil, this.audit) = (provider, version, validUntil, audit);
            timer = provider.environment.Clock.CreateTimer(_ => _ = RenewAsync(), null, provider.renewal, provider.renewal);
        }

        public DateTimeOffset? ValidUntil => validUntil;

        public async ValueTask<bool> VerifyAsync(CancellationToken cancellationToken = default)
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                // Another clock may be ahead of this one by as much as a taker waits.
                return version is not null
                    && (Now + StorageLockFile.ClockDrift < validUntil || await RenewOnceAsync(cancellationToken))
                    && (await provider.store.GetInfoAsync(StorageLockFile.Path, cancellationToken))?.Version == version;
            }
            finally
            {
                gate.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await timer.DisposeAsync();
            await gate.WaitAsync();
            try
            {
                if (version is not null && (await provider.PutAsync(version, validUntil, true, CancellationToken.None)).Version is not null && audit is not null)
                {
                    await audit.RecordAsync("END", Now, held: false);
                }

                version = null;
            }
            finally
            {
                gate.Release();
            }
        }

        private DateTimeOffset Now => provider.environment.Clock.GetUtcNow();

        private async Task RenewAsync()
        {
            await gate.WaitAsync();
            try
            {
                if (version is not null && await RenewOnceAsync(CancellationToken.None) && audit is not null)
                {
                    await audit.RecordAsync("RENEW", Now, held: true);
                }
            }
            catch (LakehouseException)
            {
                // The next turn tries again; the lease ends by itself where none succeeds.
            }
            finally
            {
                gate.Release();
            }
        }

        private async ValueTask<bool> RenewOnceAsync(CancellationToken cancellationToken)
        {
            // A lease that is over may have been taken over and released again: it is not revived.
            if (Now > validUntil)
            {
                version = null;
                return false;
            }

            var renewed = await provider.PutAsync(version, Now + provider.validity, false, cancellationToken);
            if (renewed.Version is null)
            {
                // Lost where another version is there; otherwise the next turn tries again.
                version = (await StorageLockFile.ReadAsync(provider.store, cancellationToken))?.Version == version ? version : null;
                return false;
            }

            (version, validUntil) = (renewed.Version, renewed.ValidUntil);
            return true;
        }
    }
}
