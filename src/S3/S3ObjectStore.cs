using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.S3;

/// <summary>A folder of a bucket on S3, or on a store that speaks its protocol and honours conditional writes (AWS, Ceph, MinIO, R2).</summary>
public sealed class S3ObjectStore : IObjectStore
{
    // As many as one request may delete.
    private const int Page = 1000;
    private readonly S3Connection connection;
    private readonly S3Reads reads;

    /// <summary>A store on a location.</summary>
    /// <param name="url">s3://bucket/folder (s3a and s3n are taken for the same).</param>
    /// <param name="options">Endpoint, credentials and so on; null: as the AWS SDK finds them.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: the location is not of that form.</exception>
    public S3ObjectStore(string url, S3Options? options = null)
    {
        connection = new S3Connection(S3Location.Parse(url), options ?? new S3Options());
        reads = new S3Reads(connection);
    }

    /// <inheritdoc/>
    public string Root => connection.Root;

    /// <inheritdoc/>
    public string? Identity => $"{connection.Options.Endpoint?.Authority}/{Root}";

    /// <inheritdoc/>
    public StorageCapabilities Capabilities { get; } = new(PutIfAbsent: true, CompareAndSwap: true, Append: false, Folders: false) { RequestsAtOnce = 8 };

    /// <inheritdoc/>
    public string? GetLocalPath(string path) => null;

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            var head = await connection.Repeating.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path) }, cancellationToken).ConfigureAwait(false);
            return new ObjectInfo(path, head.ContentLength, Utc(head.LastModified), Version(head.ETag));
        }
        catch (Exception e) when (S3Errors.IsAbsent(e))
        {
            return null;
        }
        catch (Exception e) when (S3Errors.IsOfTheStore(e))
        {
            throw S3Errors.From(e, Root, path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => reads.AllAsync(path, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) => reads.RangeAsync(path, offset, destination, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectPath.RequireFolder(folder, Root);
        var request = new ListObjectsV2Request
        {
            BucketName = connection.Location.Bucket,
            Prefix = connection.Location.Prefix + (folder.Length == 0 ? string.Empty : folder + "/"),
            Delimiter = recursive ? null : "/",
            MaxKeys = Page,
        };
        while (true)
        {
            var page = await connection.CallAsync(folder, () => connection.Repeating.ListObjectsV2Async(request, cancellationToken)).ConfigureAwait(false);
            foreach (var sub in page.CommonPrefixes ?? [])
            {
                yield return new ObjectInfo(Relative(sub.TrimEnd('/')), 0, default, null, IsFolder: true);
            }

            // What ends with a slash is what browsers of buckets make for an empty folder.
            foreach (var entry in (page.S3Objects ?? []).Where(o => !o.Key.EndsWith('/')))
            {
                yield return new ObjectInfo(Relative(entry.Key), entry.Size ?? 0, Utc(entry.LastModified), Version(entry.ETag));
            }

            if (page.IsTruncated != true)
            {
                yield break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
        new S3Put(connection, path, content, condition).RunAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        connection.Key(path);
        return new(new S3Writer(connection, path));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        var there = await GetInfoAsync(path, cancellationToken).ConfigureAwait(false) is not null;
        if (there)
        {
            await connection.CallAsync(path, () => connection.Repeating.DeleteObjectAsync(new DeleteObjectRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path) }, cancellationToken)).ConfigureAwait(false);
        }

        return there;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        var keys = new List<KeyVersion>();
        await foreach (var entry in ListAsync(folder, recursive: true, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(new KeyVersion { Key = connection.Key(entry.Path) });
        }

        foreach (var page in keys.Chunk(Page))
        {
            var done = await connection.CallAsync(
                folder, () => connection.Repeating.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = connection.Location.Bucket, Objects = [.. page], Quiet = true }, cancellationToken)).ConfigureAwait(false);
            if (done.DeleteErrors is [var first, ..])
            {
                throw new LakehouseException(LakehouseErrorKind.Storage, $"The store did not delete {done.DeleteErrors.Count} objects ({first.Code})", Root, Relative(first.Key), remedy: "Try again");
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        ObjectPath.RequireFolder(folder, Root);
        return ValueTask.CompletedTask;
    }

    /// <summary>An ETag as a condition takes it: in quotes Ceph's gateway does not know it again.</summary>
    internal static string Version(string etag) => etag.Trim('"');

    private string Relative(string key) => key[connection.Location.Prefix.Length..];

    private static DateTimeOffset Utc(DateTime? time) => time is { } t ? new DateTimeOffset(t.ToUniversalTime(), TimeSpan.Zero) : default;
}
