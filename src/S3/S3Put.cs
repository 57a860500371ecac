using Amazon.S3;
using Amazon.S3.Model;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.S3;

/// <summary>
/// One put with its three outcomes. All its attempts bear the same token, which no other put bears: where an answer was lost, or an attempt is told that the object is there already, the token of what
/// is there says whether it is this put's.
/// </summary>
internal sealed class S3Put(S3Connection connection, string path, ReadOnlyMemory<byte> content, PutCondition condition)
{
    /// <summary>The metadata entry that the token is kept in.</summary>
    public const string TokenName = "lakehouse-put";

    private const int Attempts = 4;
    private readonly string key = connection.Key(path);
    private readonly string token = connection.Options.Environment.NewGuid().ToString("N");

    public async ValueTask<PutResult> RunAsync(CancellationToken cancellationToken)
    {
        Exception? unknown = null;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                var client = condition == PutCondition.None ? connection.Repeating : connection.Once;
                return new PutResult(PutOutcome.Committed, S3ObjectStore.Version((await client.PutObjectAsync(Request(), cancellationToken).ConfigureAwait(false)).ETag));
            }
            catch (Exception e) when (S3Errors.IsPreconditionFailed(e) || (condition.Version is not null && S3Errors.IsAbsent(e)))
            {
                // An earlier attempt of this put may be what it lost to.
                return unknown is null ? new PutResult(PutOutcome.Conflict) : await AfterLossAsync(unknown, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (S3Errors.IsRefused(e))
            {
                throw S3Errors.From(e, connection.Root, path);
            }
            catch (Exception e) when (S3Errors.IsOfTheStore(e))
            {
                unknown = e;
            }

            var (known, there) = await TryFindAsync(cancellationToken).ConfigureAwait(false);
            if (known && there is { } found && found.Token == token)
            {
                return new PutResult(PutOutcome.Committed, found.Version);
            }

            if (known && there is not null && condition.MustBeAbsent)
            {
                return new PutResult(PutOutcome.Conflict);
            }

            if (attempt + 1 == Attempts)
            {
                return new PutResult(PutOutcome.Unknown, null, S3Errors.From(unknown, connection.Root, path));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), connection.Options.Environment.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<PutResult> AfterLossAsync(Exception cause, CancellationToken cancellationToken)
    {
        var (known, there) = await TryFindAsync(cancellationToken).ConfigureAwait(false);
        if (known && there?.Token == token)
        {
            return new PutResult(PutOutcome.Committed, there?.Version);
        }

        // A swap may have been applied and swapped again by another.
        return known && condition.MustBeAbsent ? new PutResult(PutOutcome.Conflict) : new PutResult(PutOutcome.Unknown, null, S3Errors.From(cause, connection.Root, path));
    }

    private async ValueTask<(bool Known, (string? Token, string Version)? There)> TryFindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await connection.Repeating.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = connection.Location.Bucket, Key = key }, cancellationToken).ConfigureAwait(false);
            return (true, (head.Metadata[TokenName], S3ObjectStore.Version(head.ETag)));
        }
        catch (Exception e) when (S3Errors.IsAbsent(e))
        {
            return (true, null);
        }
        catch (Exception e) when (S3Errors.IsOfTheStore(e))
        {
            return (false, null);
        }
    }

    private PutObjectRequest Request()
    {
        var request = new PutObjectRequest
        {
            BucketName = connection.Location.Bucket,
            Key = key,
            InputStream = new MemoryStream(content.ToArray(), writable: false),
            IfNoneMatch = condition.MustBeAbsent ? "*" : null,
            IfMatch = condition.Version,
            UseChunkEncoding = false,
        };
        request.Metadata.Add(TokenName, token);
        if (connection.Options.ServerSideEncryption is { } method)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(method);
            request.ServerSideEncryptionKeyManagementServiceKeyId = connection.Options.KmsKeyId;
        }

        return request;
    }
}
