using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Bounds and counts of a column (HoodieMetadataColumnStats).</summary>
internal sealed class ColumnStatsCodec
{
    private const int FileName = 0;
    private const int ColumnName = 1;
    private const int Min = 2;
    private const int Max = 3;
    private const int ValueCount = 4;
    private const int NullCount = 5;
    private const int TotalSize = 6;
    private const int TotalUncompressedSize = 7;
    private const int IsDeleted = 8;
    private const int IsTightBound = 9;
    private const int ValueType = 10;

    private static readonly string[] Longs = ["valueCount", "nullCount", "totalSize", "totalUncompressedSize"];

    private readonly AvroFieldMap fields;
    private readonly WrappedValueCodec?[] bounds;
    private readonly ValueTypeCodec? valueType;

    public ColumnStatsCodec(AvroType record)
    {
        AvroFieldMap.Find(record, "fileName", AvroKind.String);
        AvroFieldMap.Find(record, "columnName", AvroKind.String);
        AvroFieldMap.Find(record, "isDeleted", AvroKind.Boolean);
        AvroFieldMap.Find(record, "isTightBound", AvroKind.Boolean);
        Array.ForEach(Longs, name => AvroFieldMap.Find(record, name, AvroKind.Long));
        fields = new AvroFieldMap(
            record, ["fileName", "columnName", "minValue", "maxValue", .. Longs, "isDeleted", "isTightBound", "valueType"]);
        bounds = [.. fields.Fields.Select(f => f.Name is Min or Max ? new WrappedValueCodec(f.Type) : null)];
        valueType = AvroFieldMap.Record(record, "valueType") is { } type ? new ValueTypeCodec(type) : null;
    }

    public ColumnStatsPayload Read(ref AvroInput input, MetadataRecordType recordType)
    {
        var stats = new Values();
        for (int i = 0; i < fields.Fields.Length; i++)
        {
            var (name, type) = fields.Fields[i];
            switch (name)
            {
                case FileName:
                    stats.FileName = input.ReadNullableText(type);
                    break;
                case ColumnName:
                    stats.ColumnName = input.ReadNullableText(type);
                    break;
                case Min:
                    stats.Min = bounds[i]!.Read(ref input);
                    break;
                case Max:
                    stats.Max = bounds[i]!.Read(ref input);
                    break;
                case ValueCount or NullCount or TotalSize or TotalUncompressedSize:
                    stats.Numbers[name - ValueCount] = input.ReadNullableLong(type);
                    break;
                case IsDeleted:
                    stats.IsDeleted = input.ReadBranch(type) && input.ReadBoolean();
                    break;
                case IsTightBound:
                    stats.IsTightBound = input.ReadBranch(type) && input.ReadBoolean();
                    break;
                case ValueType:
                    stats.Type = input.ReadBranch(type) ? valueType!.Read(ref input) : default;
                    break;
                default:
                    new AvroSkip(type).Read(ref input);
                    break;
            }
        }

        return stats.Make(recordType);
    }

    public void Write(AvroOutput output, ColumnStatsPayload stats)
    {
        if (stats.ValueType is not null && valueType is null)
        {
            // Without the type another release would misread the bounds.
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The schema of the metadata table's records has no place for the types of version 2 of the column statistics", remedy: "Write version 1");
        }

        for (int i = 0; i < fields.Fields.Length; i++)
        {
            var (name, type) = fields.Fields[i];
            switch (name)
            {
                case FileName:
                    output.WriteNullable(type, stats.FileName);
                    break;
                case ColumnName:
                    output.WriteNullable(type, stats.ColumnName);
                    break;
                case Min:
                    bounds[i]!.Write(output, stats.Min);
                    break;
                case Max:
                    bounds[i]!.Write(output, stats.Max);
                    break;
                case IsDeleted or IsTightBound:
                    output.WriteBranch(type, hasValue: true);
                    output.WriteBoolean(name == IsDeleted ? stats.IsDeleted : stats.IsTightBound);
                    break;
                case ValueType:
                    output.WriteBranch(type, stats.ValueType is not null);
                    valueType!.Write(output, stats);
                    break;
                default:
                    output.WriteNullable(type, Number(stats, name));
                    break;
            }
        }
    }

    private static long? Number(ColumnStatsPayload stats, int name) => name switch
    {
        ValueCount => stats.ValueCount,
        NullCount => stats.NullCount,
        TotalSize => stats.TotalSize,
        TotalUncompressedSize => stats.TotalUncompressedSize,
        _ => null,
    };

    private ref struct Values()
    {
        public string? FileName;
        public string? ColumnName;
        public WrappedValue? Min;
        public WrappedValue? Max;
        public long?[] Numbers = new long?[4];
        public bool IsDeleted;
        public bool IsTightBound;
        public (int? Ordinal, string? Info) Type;

        public readonly ColumnStatsPayload Make(MetadataRecordType type) => new(type, FileName ?? throw AvroInput.Bad("statistics do not say of which file"), ColumnName)
        {
            Min = Min,
            Max = Max,
            ValueCount = Numbers[0],
            NullCount = Numbers[1],
            TotalSize = Numbers[2],
            TotalUncompressedSize = Numbers[3],
            IsDeleted = IsDeleted,
            IsTightBound = IsTightBound,
            ValueType = Type.Ordinal,
            ValueTypeInfo = Type.Info,
        };
    }
}
