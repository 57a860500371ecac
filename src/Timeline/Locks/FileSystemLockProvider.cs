using System.Text.Json;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Locks;

/// <summary>
/// FileSystemBasedLockProvider: the file "lock" is there while someone holds the lock; Java creates it, never looks at what it holds, and deletes it, whoever made it. Ours holds who made it, so that
/// a holder that lost the lock finds out. One past its time is taken over by compare-and-swap: two of our writers cannot take it both.
/// </summary>
internal sealed class FileSystemLockProvider : ILockProvider
{
    private const string FileName = "lock";
    private readonly IObjectStore store;
    private readonly string path;
    private readonly LakehouseEnvironment environment;
    private readonly TimeSpan expire;

    private FileSystemLockProvider(IObjectStore store, string path, LakehouseEnvironment environment, TimeSpan expire) =>
        (this.store, this.path, this.environment, this.expire) = (store, path, environment, expire);

    public string Description => $"{store.Root}/{path}";

    public static FileSystemLockProvider Create(LockContext context, string? folder, TimeSpan expire)
    {
        var root = context.Store.Root.TrimEnd('/');
        folder = (folder ?? root + "/.hoodie").TrimEnd('/');
        folder = folder.StartsWith("file:", StringComparison.Ordinal) ? new Uri(folder).LocalPath : folder;
        return folder == root ? new(context.Store, FileName, context.Environment, expire)
            : folder.StartsWith(root + "/", StringComparison.Ordinal) ? new(context.Store, folder[(root.Length + 1)..] + "/" + FileName, context.Environment, expire)
            : folder.Contains("://", StringComparison.Ordinal)
                ? throw new LakehouseException(
                    LakehouseErrorKind.Unsupported, $"hoodie.write.lock.filesystem.path={folder} is neither below the table nor on the local disk", root, remedy: "Use a folder below the table, or the storage-based lock")
            : new(new LocalObjectStore(folder, context.Environment), FileName, context.Environment, expire);
    }

    public async ValueTask<ILockLease?> TryAcquireAsync(CancellationToken cancellationToken = default)
    {
        var there = await store.GetInfoAsync(path, cancellationToken);
        if (there is { } held && !IsExpired(held))
        {
            return null;
        }

        var condition = there is null ? PutCondition.IfAbsent
            : store.Capabilities.CompareAndSwap && there.Value.Version is { } version ? PutCondition.IfMatch(version)
            : default(PutCondition?);
        if (condition is null)
        {
            // As Java does, where there is no compare-and-swap.
            await store.DeleteAsync(path, cancellationToken);
            condition = PutCondition.IfAbsent;
        }

        var content = Content();
        var put = await store.PutAsync(path, content, condition.Value, Durability.Deferred, cancellationToken);
        var mine = put.Outcome == PutOutcome.Committed || (put.Outcome == PutOutcome.Unknown && await IsMineAsync(content, cancellationToken));
        return mine ? new Lease(this, content) : null;
    }

    private bool IsExpired(ObjectInfo file) => expire > TimeSpan.Zero && environment.Clock.GetUtcNow() - file.Modified > expire;

    // Who holds it, under Java's names for what is of use here (FileSystemBasedLockProvider.LockInfo).
    private byte[] Content() => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
    {
        ["lockCreateTime"] = environment.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture),
        ["lockThreadName"] = $"OllaLab.Lakehouse {environment.NewGuid()}",
    });

    private async ValueTask<bool> IsMineAsync(byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.ReadAsync(path, cancellationToken)).Span.SequenceEqual(content);
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.NotFound)
        {
            return false;
        }
    }

    private sealed class Lease(FileSystemLockProvider provider, byte[] content) : ILockLease
    {
        private readonly long taken = provider.environment.Clock.GetTimestamp();
        private readonly DateTimeOffset takenAt = provider.environment.Clock.GetUtcNow();

        // Java measures the age by the file's time, which renewing would change; nobody renews.
        public DateTimeOffset? ValidUntil => provider.expire > TimeSpan.Zero ? takenAt + provider.expire : null;

        public async ValueTask<bool> VerifyAsync(CancellationToken cancellationToken = default) =>
            (provider.expire <= TimeSpan.Zero || provider.environment.Clock.GetElapsedTime(taken) < provider.expire) && await provider.IsMineAsync(content, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (await provider.IsMineAsync(content, CancellationToken.None))
            {
                await provider.store.DeleteAsync(provider.path, CancellationToken.None);
            }
        }
    }
}
