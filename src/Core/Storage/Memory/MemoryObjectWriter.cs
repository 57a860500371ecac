namespace OllaLab.Lakehouse.Storage;

/// <summary>A large object on its way into memory.</summary>
internal sealed class MemoryObjectWriter(MemoryObjectStore store, string path) : ObjectWriter
{
    private readonly MemoryStream _stream = new();

    public override Stream Stream => _stream;

    public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
    {
        var content = _stream.GetBuffer().AsMemory(0, (int)_stream.Length);
        var put = await store.PutAsync(path, content, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return put.Outcome == PutOutcome.Committed
            ? content.Length
            : throw new LakehouseException(
                LakehouseErrorKind.AlreadyExists, "The object is there already", store.Root, path, remedy: "Read the table again; file names are never reused");
    }

    public override ValueTask DisposeAsync() => _stream.DisposeAsync();
}
