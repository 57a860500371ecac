using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace OllaLab.Lakehouse.S3;

/// <summary>Reads of objects and their ranges; a body that breaks off is asked for again from where it broke.</summary>
internal sealed class S3Reads(S3Connection connection)
{
    private const int Attempts = 4;

    // What an answer says of its length is not allocated at once beyond this; one sent in chunks says nothing.
    private const long LengthBelieved = 64 << 20;

    public async ValueTask<ReadOnlyMemory<byte>> AllAsync(string path, CancellationToken cancellationToken) => await connection.CallAsync<ReadOnlyMemory<byte>>(path, async () =>
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using var got = await connection.Repeating.GetObjectAsync(new GetObjectRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path) }, cancellationToken).ConfigureAwait(false);
                using var bytes = new MemoryStream((int)Math.Clamp(got.ContentLength, 0, LengthBelieved));
                await got.ResponseStream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
                return bytes.Length >= got.ContentLength ? bytes.GetBuffer().AsMemory(0, (int)bytes.Length) : throw new EndOfStreamException();
            }
            catch (IOException) when (attempt < Attempts)
            {
            }
        }
    }).ConfigureAwait(false);

    /// <summary>Large ranges in parts, several at once.</summary>
    public async ValueTask<int> RangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int size = connection.Options.PartSize;
        if (destination.Length <= size)
        {
            return await PartAsync(path, offset, destination, cancellationToken).ConfigureAwait(false);
        }

        var counts = new int[(destination.Length + size - 1) / size];
        await Parallel.ForAsync(
            0,
            counts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = connection.Options.Parallelism, CancellationToken = cancellationToken },
            async (i, stop) => counts[i] = await PartAsync(path, offset + ((long)i * size), destination.Slice(i * size, Math.Min(size, destination.Length - (i * size))), stop).ConfigureAwait(false)).ConfigureAwait(false);
        return counts.Sum();
    }

    private async ValueTask<int> PartAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        int done = 0;
        for (int attempt = 1; done < destination.Length; attempt++)
        {
            try
            {
                var request = new GetObjectRequest { BucketName = connection.Location.Bucket, Key = connection.Key(path), ByteRange = new ByteRange(offset + done, offset + destination.Length - 1) };
                using var got = await connection.Repeating.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
                int length = (int)Math.Min(got.ContentLength, destination.Length - done);
                for (int end = done + length; done < end;)
                {
                    int read = await got.ResponseStream.ReadAsync(destination[done..end], cancellationToken).ConfigureAwait(false);
                    done += read > 0 ? read : throw new EndOfStreamException();
                }

                return done;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return done;
            }
            catch (IOException) when (attempt < Attempts)
            {
            }
            catch (Exception e) when (S3Errors.IsOfTheStore(e))
            {
                throw S3Errors.From(e, connection.Root, path);
            }
        }

        return done;
    }
}
