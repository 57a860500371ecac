#pragma warning disable RS0030 // Part of the local storage adapter.
namespace OllaLab.Lakehouse.Storage;

/// <summary>A large file on its way to the disk.</summary>
internal sealed class LocalObjectWriter : ObjectWriter
{
    private readonly LocalObjectStore _store;
    private readonly string _path;
    private readonly Durability _durability;
    private readonly PendingFile _file;
    private readonly WritebackStream _stream;
    private bool _completed;

    public LocalObjectWriter(LocalObjectStore store, string path, Durability durability, PendingFile file)
    {
        _store = store;
        _path = path;
        _durability = durability;
        _file = file;
        _stream = new WritebackStream(file.Handle);
    }

    public override Stream Stream => _stream;

    public override ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_completed)
        {
            throw new InvalidOperationException($"The writer of {_path} was completed already.");
        }

        _completed = true;
        return new(_store.OnDisk(_path, Complete));
    }

    public override ValueTask DisposeAsync()
    {
        try
        {
            // The stream shares the file's handle; what it still buffers belongs to a file that was given up.
            _stream.Dispose();
        }
        catch (IOException)
        {
        }

        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private long Complete(LocalDisk disk, string full)
    {
        _stream.Flush();
        long length = _stream.Length;
        var (outcome, cause) = disk.Publish(_file, full, _durability, mayTear: true);
        return outcome switch
        {
            PutOutcome.Committed => length,
            PutOutcome.Conflict => throw LocalErrors.Taken(_store.Root, _path),
            _ => throw new LakehouseException(
                LakehouseErrorKind.OutcomeUnknown, "The file appeared, but its folder could not be synced", _store.Root, _path, remedy: "Check the disk, then read the table again", inner: cause),
        };
    }
}
