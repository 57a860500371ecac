using Amazon.S3;
using Amazon.S3.Model;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.S3;

/// <summary>
/// A large object on its way: parts go up in parallel while it is written. One that fits into a part is a put of its own. The gateway of Ceph does not heed conditions when parts are put together, so it
/// is asked first whether the name is free; names of data files are never given twice.
/// </summary>
internal sealed class S3Writer : ObjectWriter
{
    private readonly S3Connection connection;
    private readonly string path;
    private readonly string token;
    private readonly PartStream stream;
    private readonly List<Task<PartETag>> parts = [];
    private string? upload;
    private bool completed;

    public S3Writer(S3Connection connection, string path)
    {
        (this.connection, this.path) = (connection, path);
        token = connection.Options.Environment.NewGuid().ToString("N");
        stream = new PartStream(connection.Options.PartSize, UploadAsync);
    }

    public override Stream Stream => stream;

    public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (upload is null)
        {
            var put = await new S3Put(connection, path, stream.Rest, PutCondition.IfAbsent).RunAsync(cancellationToken).ConfigureAwait(false);
            completed = true;
            return put.Outcome switch
            {
                PutOutcome.Committed => stream.Length,
                PutOutcome.Conflict => throw Taken(),
                _ => throw Unknown(put.Cause),
            };
        }

        if (stream.Rest.Length > 0)
        {
            await UploadAsync(stream.Rest.ToArray()).ConfigureAwait(false);
        }

        var tags = await connection.CallAsync(path, () => Task.WhenAll(parts)).ConfigureAwait(false);
        if (await FindTokenAsync(cancellationToken).ConfigureAwait(false) is not null)
        {
            throw Taken();
        }

        completed = true;
        try
        {
            await connection.Once.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path), UploadId = upload, PartETags = [.. tags], IfNoneMatch = "*" }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Errors.IsPreconditionFailed(e))
        {
            completed = false;
            throw Taken();
        }
        catch (Exception e) when (S3Errors.IsOfTheStore(e))
        {
            // The answer may be lost.
            if (await FindTokenAsync(cancellationToken).ConfigureAwait(false) != token)
            {
                throw S3Errors.IsRefused(e) ? S3Errors.From(e, connection.Root, path) : Unknown(S3Errors.From(e, connection.Root, path));
            }
        }

        return stream.Length;
    }

    public override async ValueTask DisposeAsync()
    {
        if (upload is null || completed)
        {
            return;
        }

        completed = true;
        foreach (var part in parts)
        {
            await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            await connection.Repeating.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path), UploadId = upload }).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Errors.IsOfTheStore(e))
        {
            // Buckets have a rule for uploads that were left.
        }
    }

    private async ValueTask UploadAsync(byte[] part)
    {
        upload ??= await BeginAsync().ConfigureAwait(false);
        var underWay = parts.Count(p => !p.IsCompleted);
        if (underWay >= connection.Options.Parallelism)
        {
            await connection.CallAsync(path, () => Task.WhenAny(parts.Where(p => !p.IsCompleted))).ConfigureAwait(false);
        }

        int number = parts.Count + 1;
        parts.Add(Task.Run(async () =>
        {
            var done = await connection.Repeating.UploadPartAsync(new UploadPartRequest
            {
                BucketName = connection.Location.Bucket,
                Key = connection.Key(path),
                UploadId = upload,
                PartNumber = number,
                PartSize = part.Length,
                InputStream = new MemoryStream(part, writable: false),
                UseChunkEncoding = false,
            }).ConfigureAwait(false);
            return new PartETag(number, done.ETag);
        }));
    }

    private ValueTask<string> BeginAsync() => connection.CallAsync(path, async () =>
    {
        var request = new InitiateMultipartUploadRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path) };
        request.Metadata.Add(S3Put.TokenName, token);
        if (connection.Options.ServerSideEncryption is { } method)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(method);
            request.ServerSideEncryptionKeyManagementServiceKeyId = connection.Options.KmsKeyId;
        }

        return (await connection.Repeating.InitiateMultipartUploadAsync(request).ConfigureAwait(false)).UploadId;
    });

    // The token of what is there, "" where it has none; null: nothing is.
    private async ValueTask<string?> FindTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await connection.Repeating.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path) }, cancellationToken).ConfigureAwait(false);
            return head.Metadata[S3Put.TokenName] ?? string.Empty;
        }
        catch (Exception e) when (S3Errors.IsAbsent(e))
        {
            return null;
        }
        catch (Exception e) when (S3Errors.IsOfTheStore(e))
        {
            throw S3Errors.From(e, connection.Root, path);
        }
    }

    private LakehouseException Taken() => new(LakehouseErrorKind.AlreadyExists, "The object is there already", connection.Root, path, remedy: "Read the table again; file names are never reused");

    private LakehouseException Unknown(Exception? cause) => new(
        LakehouseErrorKind.OutcomeUnknown, "The store did not tell whether the object was written", connection.Root, path, remedy: "Repeat the operation: the object counts for nothing until a commit names it", inner: cause);
}
