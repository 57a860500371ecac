using System.Text;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>An entry of the record index (HoodieRecordIndexInfo).</summary>
internal sealed class RecordIndexCodec
{
    private const int Partition = 0;
    private const int High = 1;
    private const int Low = 2;
    private const int Index = 3;
    private const int FileId = 4;
    private const int Instant = 5;
    private const int Encoding = 6;
    private const int Position = 7;

    /// <summary>Java calls toString on each of them.</summary>
    private const int Needed = (1 << Partition) | (1 << High) | (1 << Low) | (1 << Index) | (1 << FileId) | (1 << Instant);

    private readonly AvroFieldMap fields;

    public RecordIndexCodec(AvroType record)
    {
        AvroFieldMap.Find(record, "partitionName", AvroKind.String);
        AvroFieldMap.Find(record, "fileIdHighBits", AvroKind.Long);
        AvroFieldMap.Find(record, "fileIdLowBits", AvroKind.Long);
        AvroFieldMap.Find(record, "fileIndex", AvroKind.Int);
        AvroFieldMap.Find(record, "fileId", AvroKind.String);
        AvroFieldMap.Find(record, "instantTime", AvroKind.Long);
        AvroFieldMap.Find(record, "fileIdEncoding", AvroKind.Int);
        AvroFieldMap.Find(record, "position", AvroKind.Long);
        fields = new AvroFieldMap(record, "partitionName", "fileIdHighBits", "fileIdLowBits", "fileIndex", "fileId", "instantTime", "fileIdEncoding", "position");
    }

    public RecordIndexEntry Read(scoped ref AvroInput input) => Read(ref input, out _);

    public RecordIndexPayload ReadPayload(ref AvroInput input)
    {
        var entry = Read(ref input, out long? position);
        return new RecordIndexPayload(
            Text(entry.PartitionPath), entry.HighBits, entry.LowBits, entry.FileIndex, Text(entry.FileId), entry.InstantTime, entry.Encoding, position);
    }

    public void Write(AvroOutput output, RecordIndexPayload payload)
    {
        foreach (var (name, type) in fields.Fields)
        {
            switch (name)
            {
                case Partition:
                    output.WriteNullable(type, payload.PartitionPath);
                    break;
                case FileId:
                    output.WriteNullable(type, payload.FileId);
                    break;
                default:
                    output.WriteNullable(type, Number(payload, name));
                    break;
            }
        }
    }

    private RecordIndexEntry Read(scoped ref AvroInput input, out long? position)
    {
        var entry = default(RecordIndexEntry);
        int found = 0;
        position = null;
        foreach (var (name, type) in fields.Fields)
        {
            if (name < 0)
            {
                new AvroSkip(type).Read(ref input);
            }
            else if (input.ReadBranch(type))
            {
                found |= 1 << name;
                switch (name)
                {
                    case Partition:
                        entry.PartitionPath = input.ReadBytes();
                        break;
                    case High:
                        entry.HighBits = input.ReadLong();
                        break;
                    case Low:
                        entry.LowBits = input.ReadLong();
                        break;
                    case Index:
                        entry.FileIndex = input.ReadInt();
                        break;
                    case FileId:
                        entry.FileId = input.ReadBytes();
                        break;
                    case Instant:
                        entry.InstantTime = input.ReadLong();
                        break;
                    case Encoding:
                        entry.Encoding = input.ReadInt();
                        break;
                    default:
                        position = input.ReadLong();
                        break;
                }
            }
        }

        return (found & Needed) == Needed && entry.Encoding is 0 or 1 ? entry : throw AvroInput.Bad("an entry of the record index does not say where its key is");
    }

    private static long? Number(RecordIndexPayload payload, int name) => name switch
    {
        High => payload.FileIdHighBits,
        Low => payload.FileIdLowBits,
        Index => payload.FileIndex,
        Instant => payload.InstantTime,
        Encoding => payload.Encoding,
        Position => payload.Position,
        _ => null,
    };

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
