using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>A large object whose first write and whose completion count as operations.</summary>
internal sealed class FaultInjectingWriter(ObjectWriter inner, FaultPlan plan, string path) : ObjectWriter
{
    private readonly TearingStream _stream = new(inner.Stream, plan, path);

    public override Stream Stream => _stream;

    public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
    {
        var fault = await plan.NextAsync(StorageOperationKind.Complete, path);
        if (fault is null)
        {
            return await inner.CompleteAsync(cancellationToken);
        }

        if (fault is Fault.LostReply)
        {
            await inner.CompleteAsync(cancellationToken);
            throw new LakehouseException(LakehouseErrorKind.OutcomeUnknown, "Injected: the reply was lost", path: path);
        }

        throw FaultPlan.Error(StorageOperationKind.Complete, path);
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class TearingStream(Stream inner, FaultPlan plan, string path) : Stream
    {
        private bool _counted;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            // The plan does its work synchronously unless a delayed put is due.
            var fault = Count().AsTask().GetAwaiter().GetResult();
            inner.Write(fault == Fault.Torn ? buffer[..(buffer.Length / 2)] : fault is null or Fault.LostReply ? buffer : default);
            ThrowFor(fault);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var fault = await Count();
            await inner.WriteAsync(fault == Fault.Torn ? buffer[..(buffer.Length / 2)] : fault is null or Fault.LostReply ? buffer : default, cancellationToken);
            ThrowFor(fault);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        private ValueTask<Fault?> Count()
        {
            if (_counted)
            {
                return new((Fault?)null);
            }

            _counted = true;
            return plan.NextAsync(StorageOperationKind.Write, path);
        }

        private void ThrowFor(Fault? fault)
        {
            if (fault is not null)
            {
                throw FaultPlan.Error(StorageOperationKind.Write, path);
            }
        }
    }
}
