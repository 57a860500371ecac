#pragma warning disable RS0030 // Spill files are temporary and the process's own: they go to the disk directly, not through the table's store.
using System.Buffers;
using System.Buffers.Binary;
using Apache.Arrow;
using K4os.Compression.LZ4;
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// Batches of one schema, put aside on the disk (LZ4-compressed) and read back in order, any number of times. At most one batch is in memory for a writer and one for each reader.
/// The file has no name that another process would look for, and is deleted when this is disposed or the process ends in an orderly way.
/// Writing is for one thread; readers may run at the same time once it is done.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private const int HeaderBytes = 8;
    private static int s_number;
    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _block = new(4096);
    private Schema? _schema;

    /// <summary>Opens a new, empty file.</summary>
    /// <param name="folder">Where; null for the system's folder for temporary files.</param>
    /// <exception cref="LakehouseException">Storage: the folder is not there or cannot be written.</exception>
    public SpillFile(string? folder = null)
    {
        folder ??= System.IO.Path.GetTempPath();
        while (true)
        {
            _path = System.IO.Path.Combine(folder, $"lakehouse-{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}.spill");
            try
            {
                _stream = new FileStream(_path, Options());
                _file = _stream.SafeFileHandle;
                return;
            }
            catch (IOException) when (File.Exists(_path))
            {
                // Left by a process that had our id before us: take the next number.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Failed("be created", e);
            }
        }
    }

    /// <summary>How many bytes are on the disk.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many rows were written.</summary>
    public long Rows { get; private set; }

    /// <summary>Appends a batch. The batch is the caller's to dispose.</summary>
    /// <exception cref="LakehouseException">Storage: the disk is full or failed.</exception>
    public void Write(RecordBatch batch)
    {
        _schema ??= batch.Schema;
        _block.ResetWrittenCount();
        BatchBlock.Write(batch, _block);
        int raw = _block.WrittenCount;
        byte[] packed = ArrayPool<byte>.Shared.Rent(HeaderBytes + LZ4Codec.MaximumOutputSize(raw));
        try
        {
            int length = LZ4Codec.Encode(_block.WrittenSpan, packed.AsSpan(HeaderBytes));
            BinaryPrimitives.WriteInt32LittleEndian(packed, length);
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(4), raw);
            RandomAccess.Write(_file, packed.AsSpan(0, HeaderBytes + length), Bytes);
            Bytes += HeaderBytes + length;
            Rows += batch.Length;
        }
        catch (IOException e)
        {
            throw Failed("be written", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>All batches in the order in which they were written, each read when it is asked for.</summary>
    public IEnumerable<RecordBatch> Read()
    {
        for (long at = 0; at < Bytes;)
        {
            yield return Read(ref at);
        }
    }

    /// <summary>Closes and deletes the file.</summary>
    public void Dispose() => _stream.Dispose();

    // It holds rows: for its owner alone, wherever it lies.
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private RecordBatch Read(ref long at)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Fill(header, at);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        int raw = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (length < 0 || raw < 0 || length > Bytes - at - HeaderBytes)
        {
            throw Failed("be read back: it was changed by someone else", null);
        }

        byte[] packed = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Fill(packed.AsSpan(0, length), at + HeaderBytes);
            var block = Buffers.Allocate(raw);
            if (LZ4Codec.Decode(packed.AsSpan(0, length), block) != raw)
            {
                throw Failed("be read back: it was changed by someone else", null);
            }

            at += HeaderBytes + length;
            return BatchBlock.Read(_schema!, block);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    private void Fill(Span<byte> target, long at)
    {
        while (target.Length > 0)
        {
            int read;
            try
            {
                read = RandomAccess.Read(_file, target, at);
            }
            catch (IOException e)
            {
                throw Failed("be read back", e);
            }

            if (read == 0)
            {
                throw Failed("be read back: it is shorter than what was written", null);
            }

            target = target[read..];
            at += read;
        }
    }

    private LakehouseException Failed(string what, Exception? cause) => new(
        LakehouseErrorKind.Storage, $"The spill file {_path} could not {what}{(cause is null ? string.Empty : $": {cause.Message}")}",
        remedy: "Free space on its disk, or choose another spill folder", inner: cause);
}
