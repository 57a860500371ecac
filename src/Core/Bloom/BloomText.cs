using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace OllaLab.Lakehouse.Bloom;

/// <summary>Reads a serialized filter, believing no length that it states before it is checked against what remains.</summary>
internal static class BloomText
{
    public static BloomFilter Parse(ReadOnlySpan<byte> base64, string? typeCode, string? path)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, bytes, out _, out int length) != OperationStatus.Done)
        {
            throw Corrupt("is not base64", path);
        }

        var source = bytes.AsSpan(0, length);
        return (typeCode ?? BloomFilter.Simple) switch
        {
            BloomFilter.Simple => Simple(source, path),
            BloomFilter.Dynamic => Dynamic(source, path),
            var other => throw Unknown(other, path),
        };
    }

    public static LakehouseException Unknown(string type, string? path) =>
        new(LakehouseErrorKind.Unsupported, $"The bloom filter type '{type}' is not known", path: path, remedy: "Use SIMPLE or DYNAMIC_V0 (hoodie.bloom.index.filter.type)");

    private static SimpleBloomFilter Simple(ReadOnlySpan<byte> source, string? path)
    {
        var row = Row(ref source, path);
        return source.IsEmpty ? new SimpleBloomFilter(row) : throw Corrupt("is longer than it states", path);
    }

    private static DynamicBloomFilter Dynamic(ReadOnlySpan<byte> source, string? path)
    {
        var (vectorSize, hashes) = Header(source, path);
        if (source.Length < DynamicBloomFilter.HeaderLength)
        {
            throw Corrupt("is cut off", path);
        }

        int keysPerRow = BinaryPrimitives.ReadInt32BigEndian(source[13..]);
        int currentKeys = BinaryPrimitives.ReadInt32BigEndian(source[17..]);
        int count = BinaryPrimitives.ReadInt32BigEndian(source[21..]);
        source = source[DynamicBloomFilter.HeaderLength..];
        if (keysPerRow < 1 || currentKeys < 0 || count < 1 || count > source.Length / BloomRow.HeaderLength)
        {
            throw Corrupt($"states {count} rows of {keysPerRow} keys in {source.Length} bytes", path);
        }

        var rows = new List<BloomRow>(count);
        for (int i = 0; i < count; i++)
        {
            rows.Add(Row(ref source, path));
            if (!rows[i].HasSameShape(rows[0]))
            {
                throw Corrupt("has rows of different sizes", path);
            }
        }

        // The limit of growth is not stored: a filter that was read back grows no further (keys are not added to it).
        return source.IsEmpty ? new DynamicBloomFilter(vectorSize, hashes, keysPerRow, 0, currentKeys, rows) : throw Corrupt("is longer than it states", path);
    }

    private static BloomRow Row(ref ReadOnlySpan<byte> source, string? path)
    {
        var (vectorSize, hashes) = Header(source, path);
        int length = (int)(((long)vectorSize + 7) / 8);
        if (length > source.Length - BloomRow.HeaderLength)
        {
            throw Corrupt($"states {vectorSize} bits where {source.Length - BloomRow.HeaderLength} bytes remain", path);
        }

        var row = new BloomRow(vectorSize, hashes, source.Slice(BloomRow.HeaderLength, length).ToArray());
        source = source[(BloomRow.HeaderLength + length)..];
        return row;
    }

    private static (int VectorSize, int Hashes) Header(ReadOnlySpan<byte> source, string? path)
    {
        if (source.Length < BloomRow.HeaderLength)
        {
            throw Corrupt("is cut off", path);
        }

        int version = BinaryPrimitives.ReadInt32BigEndian(source);
        int hashes = BinaryPrimitives.ReadInt32BigEndian(source[4..]);
        byte hashType = source[8];
        int vectorSize = BinaryPrimitives.ReadInt32BigEndian(source[9..]);
        if (version != -1 || hashType != 1)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A bloom filter of version {version} with hash type {hashType} is not known (known: version -1, murmur)", path: path);
        }

        return hashes is > 0 and <= 1024 && vectorSize > 0 ? (vectorSize, hashes) : throw Corrupt($"states {hashes} hashes over {vectorSize} bits", path);
    }

    private static LakehouseException Corrupt(string what, string? path) => new(LakehouseErrorKind.Corrupt, $"The bloom filter in the footer {what}", path: path);
}
