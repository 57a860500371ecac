using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Avro object container files as Hudi's timeline has them: metadata avro.schema alone, no codec entry, one block of one record (TimelineMetadataUtils.serializeAvroMetadata).
/// Read: any codec that Java accepts there, and blocks that end the file without a sync marker.
/// </summary>
internal static class AvroFile
{
    private const int SyncLength = 16;

    // A compressed byte may stand for 1032; no timeline file comes near this.
    private const int MostInflated = 256 << 20;

    private static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    public static bool IsAvro(ReadOnlySpan<byte> content) => content.StartsWith(Magic);

    /// <summary>What comes before the block, the same for all files of a schema; it ends with the sync marker, a hash of the schema rather than 16 random bytes.</summary>
    public static byte[] MakeHeader(ReadOnlySpan<byte> schema)
    {
        var header = new AvroBuffer(schema.Length + 64);
        header.Raw(Magic);
        header.Long(1);
        header.String("avro.schema");
        header.Long(schema.Length);
        header.Raw(schema);
        header.Long(0);
        header.Raw(XxHash128.Hash(schema));
        return header.Written.ToArray();
    }

    /// <summary>A whole file.</summary>
    public static byte[] Write(ReadOnlySpan<byte> header, ReadOnlySpan<byte> record)
    {
        var file = new AvroBuffer(header.Length + record.Length + 16 + SyncLength);
        file.Raw(header);
        file.Long(1);
        file.Long(record.Length);
        file.Raw(record);
        file.Raw(header[^SyncLength..]);
        return file.Written.ToArray();
    }

    /// <summary>The writer's schema and the bytes of the first record.</summary>
    public static ReadOnlySpan<byte> ReadRecord(ReadOnlySpan<byte> content, out string schema)
    {
        var reader = new AvroReader(content);
        if (!reader.Take(Math.Min(Magic.Length, reader.Remaining)).SequenceEqual(Magic))
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the file is not an Avro container");
        }

        string? found = null;
        string codec = "null";
        for (long count = reader.BlockCount(); count > 0; count = reader.BlockCount())
        {
            for (; count > 0; count--)
            {
                var key = reader.String();
                var value = reader.Bytes();
                found = key == "avro.schema" ? AvroSchemas.Intern(value) : found;
                codec = key == "avro.codec" ? Encoding.UTF8.GetString(value) : codec;
            }
        }

        schema = found ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, "the Avro container has no schema");
        reader.Take(SyncLength);
        if (reader.Long() < 1)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the Avro container holds no record");
        }

        var block = reader.Bytes();
        return codec switch
        {
            "null" => block,
            "deflate" => Inflate(block),
            _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Avro codec '{codec}' is not supported in timeline files", remedy: "Rewrite the file without compression"),
        };
    }

    private static ReadOnlySpan<byte> Inflate(ReadOnlySpan<byte> block)
    {
        using var source = new MemoryStream(block.ToArray());
        using var inflater = new DeflateStream(source, CompressionMode.Decompress);
        using var target = new MemoryStream();
        try
        {
            var buffer = new byte[64 << 10];
            for (int read; (read = inflater.Read(buffer)) > 0;)
            {
                target.Write(buffer, 0, read);
                if (target.Length > MostInflated)
                {
                    throw new LakehouseException(LakehouseErrorKind.Corrupt, $"a compressed Avro block of {block.Length} bytes has more than {MostInflated} uncompressed");
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "a compressed Avro block cannot be read", inner: e);
        }

        return target.ToArray();
    }
}
