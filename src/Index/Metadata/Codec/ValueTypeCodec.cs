using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The logical type of bounds (HoodieValueTypeInfo).</summary>
internal sealed class ValueTypeCodec
{
    private const int Ordinal = 0;
    private const int Info = 1;

    private readonly AvroFieldMap fields;

    public ValueTypeCodec(AvroType record)
    {
        AvroFieldMap.Find(record, "typeOrdinal", AvroKind.Int);
        AvroFieldMap.Find(record, "additionalInfo", AvroKind.String);
        fields = new AvroFieldMap(record, "typeOrdinal", "additionalInfo");
    }

    public (int? Ordinal, string? Info) Read(ref AvroInput input)
    {
        int? ordinal = null;
        string? info = null;
        foreach (var (name, type) in fields.Fields)
        {
            switch (name)
            {
                case Ordinal:
                    ordinal = input.ReadBranch(type) ? input.ReadInt() : null;
                    break;
                case Info:
                    info = input.ReadNullableText(type);
                    break;
                default:
                    new AvroSkip(type).Read(ref input);
                    break;
            }
        }

        return (ordinal, info);
    }

    /// <summary>Nothing where the type is null.</summary>
    public void Write(AvroOutput output, ColumnStatsPayload stats)
    {
        if (stats.ValueType is not { } ordinal)
        {
            return;
        }

        foreach (var (name, type) in fields.Fields)
        {
            switch (name)
            {
                case Ordinal:
                    output.WriteBranch(type, hasValue: true);
                    output.WriteLong(ordinal);
                    break;
                case Info:
                    output.WriteNullable(type, stats.ValueTypeInfo);
                    break;
                default:
                    output.WriteBranch(type, hasValue: false);
                    break;
            }
        }
    }
}
