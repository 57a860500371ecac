using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A bloom filter (HoodieMetadataBloomFilter).</summary>
internal sealed class BloomFilterCodec
{
    private const int Type = 0;
    private const int Timestamp = 1;
    private const int Filter = 2;
    private const int IsDeleted = 3;

    private readonly AvroFieldMap fields;

    public BloomFilterCodec(AvroType record)
    {
        AvroFieldMap.Find(record, "type", AvroKind.String);
        AvroFieldMap.Find(record, "timestamp", AvroKind.String);
        AvroFieldMap.Find(record, "bloomFilter", AvroKind.Bytes);
        AvroFieldMap.Find(record, "isDeleted", AvroKind.Boolean);
        fields = new AvroFieldMap(record, "type", "timestamp", "bloomFilter", "isDeleted");
    }

    public BloomFilterPayload Read(ref AvroInput input)
    {
        string filterType = string.Empty;
        string timestamp = string.Empty;
        byte[] filter = [];
        bool isDeleted = false;
        foreach (var (name, type) in fields.Fields)
        {
            if (name < 0)
            {
                new AvroSkip(type).Read(ref input);
            }
            else if (input.ReadBranch(type))
            {
                switch (name)
                {
                    case Type:
                        filterType = input.ReadText();
                        break;
                    case Timestamp:
                        timestamp = input.ReadText();
                        break;
                    case Filter:
                        filter = input.ReadBytes().ToArray();
                        break;
                    default:
                        isDeleted = input.ReadBoolean();
                        break;
                }
            }
        }

        return new BloomFilterPayload(filterType, timestamp, filter, isDeleted);
    }

    public void Write(AvroOutput output, BloomFilterPayload payload)
    {
        foreach (var (name, type) in fields.Fields)
        {
            output.WriteBranch(type, name >= 0);
            switch (name)
            {
                case Type:
                    output.WriteText(payload.FilterType);
                    break;
                case Timestamp:
                    output.WriteText(payload.Timestamp);
                    break;
                case Filter:
                    output.WriteBytes(payload.Filter.Span);
                    break;
                case IsDeleted:
                    output.WriteBoolean(payload.IsDeleted);
                    break;
            }
        }
    }
}
