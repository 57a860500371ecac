using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>The block of the file's information: a magic, then the length and the bytes of a protobuf message whose field 1 repeats pairs, of key (1) and value (2).</summary>
internal static class HFileInfo
{
    /// <summary>The greatest key of the file, as cells have it.</summary>
    public const string LastKey = "hfile.LASTKEY";

    /// <summary>The Avro schema of the values.</summary>
    public const string Schema = "schema";

    private const int PairField = 1;
    private const int KeyField = 1;
    private const int ValueField = 2;

    private static ReadOnlySpan<byte> Magic => "PBUF"u8;

    public static byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static ReadOnlySpan<byte> Write(IEnumerable<(string Key, byte[] Value)> pairs)
    {
        var message = new ArrayBufferWriter<byte>();
        foreach (var (key, value) in pairs)
        {
            var pair = new ArrayBufferWriter<byte>();
            ProtobufOutput.WriteBytes(pair, KeyField, Encoding.UTF8.GetBytes(key));
            ProtobufOutput.WriteBytes(pair, ValueField, value);
            ProtobufOutput.WriteBytes(message, PairField, pair.WrittenSpan);
        }

        var block = new ArrayBufferWriter<byte>(message.WrittenCount + 16);
        block.Write(Magic);
        ProtobufOutput.WriteVarint(block, (ulong)message.WrittenCount);
        block.Write(message.WrittenSpan);
        return block.WrittenSpan;
    }

    public static Dictionary<string, ReadOnlyMemory<byte>> Parse(ReadOnlySpan<byte> block, string path)
    {
        if (!block.StartsWith(Magic))
        {
            throw HFile.Damaged(path, "the file's information does not begin as it should");
        }

        var info = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var message = new ProtobufFields(block[Magic.Length..], path);
        message = new ProtobufFields(message.ReadBytes(), path);
        while (message.MoveNext())
        {
            if (message.Field == PairField)
            {
                var pair = new ProtobufFields(message.Bytes, path);
                ReadOnlySpan<byte> key = default, value = default;
                while (pair.MoveNext())
                {
                    key = pair.Field == KeyField ? pair.Bytes : key;
                    value = pair.Field == ValueField ? pair.Bytes : value;
                }

                info[Encoding.UTF8.GetString(key)] = value.ToArray();
            }
        }

        return info;
    }
}
