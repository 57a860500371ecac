using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>An entry of a secondary index (HoodieSecondaryIndexInfo).</summary>
internal sealed class SecondaryIndexCodec
{
    private readonly AvroFieldMap fields;

    public SecondaryIndexCodec(AvroType record)
    {
        AvroFieldMap.Find(record, "isDeleted", AvroKind.Boolean);
        fields = new AvroFieldMap(record, "isDeleted");
    }

    public SecondaryIndexPayload Read(ref AvroInput input)
    {
        bool isDeleted = false;
        foreach (var (name, type) in fields.Fields)
        {
            if (name < 0)
            {
                new AvroSkip(type).Read(ref input);
            }
            else if (input.ReadBranch(type))
            {
                isDeleted = input.ReadBoolean();
            }
        }

        return new SecondaryIndexPayload(isDeleted);
    }

    public void Write(AvroOutput output, SecondaryIndexPayload payload)
    {
        foreach (var (name, type) in fields.Fields)
        {
            output.WriteBranch(type, name >= 0);
            if (name >= 0)
            {
                output.WriteBoolean(payload.IsDeleted);
            }
        }
    }
}
