using System.Runtime.InteropServices;
using System.Text;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.HFiles;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Writes a base file of the metadata table from the one before it and the changes of logs, both in key order.</summary>
/// <param name="target">The file.</param>
/// <param name="codec">Of its records.</param>
/// <param name="name">Its name, which its records hold.</param>
/// <param name="changes">By key.</param>
internal sealed class MetadataBaseFile(HFileWriter target, MetadataRecordCodec codec, string name, MetadataChanges changes)
{
    private int next;

    public long Rows => target.EntryCount;

    public long Inserted { get; private set; }

    public long Updated { get; private set; }

    public long Deleted { get; private set; }

    /// <summary>Adds stored records, and those of logs that come before them.</summary>
    public void Add(ReadOnlySpan<byte> block, MetadataRecordCodec stored, string path)
    {
        for (var cells = new HFileCells(block, path); cells.MoveNext();)
        {
            int order = 1;
            while (next < changes.Keys.Length && (order = changes.Keys[next].Bytes.AsSpan().SequenceCompareTo(cells.Key)) < 0)
            {
                Insert();
            }

            var payload = stored.Read(cells.Value);
            if (next == changes.Keys.Length || order != 0)
            {
                Write(cells.Key, payload);
            }
            else if (Merge(payload) is { } merged)
            {
                Write(cells.Key, merged);
                Updated++;
            }
            else
            {
                Deleted++;
            }
        }
    }

    /// <summary>Adds the records of logs that are left, and ends the file.</summary>
    public void Finish()
    {
        while (next < changes.Keys.Length)
        {
            Insert();
        }

        target.Finish();
    }

    private void Insert()
    {
        var key = changes.Keys[next].Bytes;
        if (Merge(null) is { } payload)
        {
            Write(key, payload);
            Inserted++;
        }
    }

    private MetadataPayload? Merge(MetadataPayload? stored) => MetadataMerge.Merge(stored, CollectionsMarshal.AsSpan(changes.ByKey[changes.Keys[next++].Text]));

    private void Write(ReadOnlySpan<byte> key, MetadataPayload payload)
    {
        using var value = new AvroOutput();
        codec.Write(value, payload, name);
        target.Add(key, value.Written.Span);
    }
}
