using System.Buffers;
using System.IO.MemoryMappedFiles;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace OllaLab.Lakehouse.Bench.Data;

/// <summary>Arrow batches in a mapped file: input that costs its reader next to nothing, in time or in memory of its own.</summary>
internal sealed class MappedBatches : IDisposable
{
    // A batch's bytes are addressed with an int.
    private const int RowsPerFile = 1 << 20;
    private readonly List<MappedFile> files = [];

    public MappedBatches(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "*.arrow").Order(StringComparer.Ordinal))
        {
            files.Add(new MappedFile(path));
        }
    }

    public long Bytes => files.Sum(f => (long)f.Memory.Length);

    public IEnumerable<RecordBatch> Read()
    {
        foreach (var file in files)
        {
            var reader = new ArrowStreamReader(file.Memory);
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                yield return batch;
            }
        }
    }

    public static void Write(string folder, IEnumerable<RecordBatch> batches)
    {
        Directory.CreateDirectory(folder);
        FileStream? stream = null;
        ArrowStreamWriter? writer = null;
        var rows = 0;
        var file = 0;
        foreach (var batch in batches)
        {
            if (writer is null)
            {
                stream = File.Create(Path.Combine(folder, $"{file++:D3}.arrow"));
                writer = new ArrowStreamWriter(stream, batch.Schema);
            }

            writer.WriteRecordBatch(batch);
            rows += batch.Length;
            if (rows >= RowsPerFile)
            {
                Close();
            }
        }

        Close();
        void Close()
        {
            writer?.WriteEnd();
            writer?.Dispose();
            stream?.Dispose();
            (writer, rows) = (null, 0);
        }
    }

    public void Dispose() => files.ForEach(f => ((IDisposable)f).Dispose());

    private sealed unsafe class MappedFile : MemoryManager<byte>
    {
        private readonly MemoryMappedFile file;
        private readonly MemoryMappedViewAccessor view;
        private readonly byte* start;
        private readonly int length;

        public MappedFile(string path)
        {
            length = checked((int)new FileInfo(path).Length);
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        }

        public override Span<byte> GetSpan() => new(start, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}
