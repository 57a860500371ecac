using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Passes over a value of any type, unions of several types included, without making anything of it.</summary>
internal sealed class AvroSkip(AvroType type) : AvroStep
{
    /// <summary>What passes over a field of each record: plain ones by code of their own.</summary>
    public static AvroStep Create(AvroType type) => type.Kind switch
    {
        AvroKind.Boolean => new AvroSkipped<SkippedBytes>(type, new SkippedBytes(1)),
        AvroKind.Float => new AvroSkipped<SkippedBytes>(type, new SkippedBytes(sizeof(float))),
        AvroKind.Double => new AvroSkipped<SkippedBytes>(type, new SkippedBytes(sizeof(double))),
        AvroKind.String or AvroKind.Uuid or AvroKind.Bytes => new AvroSkipped<SkippedText>(type, default),
        AvroKind.Int or AvroKind.Long or AvroKind.Date or (>= AvroKind.TimeMillis and <= AvroKind.LocalTimestampMicros) => new AvroSkipped<SkippedNumber>(type, default),
        _ => new AvroSkip(type),
    };

    public override void Read(ref AvroInput input) => Skip(ref input, type);

    private static void Skip(ref AvroInput input, AvroType type)
    {
        if (type.Kind == AvroKind.Union || type.Branch >= 0 || type.NullBranch >= 0)
        {
            int branch = input.ReadInt();
            if (branch == type.NullBranch)
            {
                return;
            }

            SkipValue(ref input, type.Kind == AvroKind.Union ? Member(type, branch) : branch == type.Branch ? type : throw NoBranch(branch));
            return;
        }

        SkipValue(ref input, type);
    }

    internal static LakehouseException NoBranch(int branch) => AvroInput.Bad($"a union has no branch {branch}");

    private static AvroType Member(AvroType union, int branch)
    {
        foreach (var member in union.Fields)
        {
            if (member.Type.Branch == branch)
            {
                return member.Type;
            }
        }

        throw NoBranch(branch);
    }

    private static void SkipValue(ref AvroInput input, AvroType type)
    {
        switch (type.Kind)
        {
            case AvroKind.Null:
                break;
            case AvroKind.Boolean:
                input.ReadFixed(1);
                break;
            case AvroKind.Float:
                input.ReadFixed(sizeof(float));
                break;
            case AvroKind.Double:
                input.ReadFixed(sizeof(double));
                break;
            case AvroKind.String or AvroKind.Uuid or AvroKind.Bytes:
            case AvroKind.Decimal when type.Size == 0:
                input.ReadBytes();
                break;
            case AvroKind.Fixed or AvroKind.Decimal:
                input.ReadFixed(type.Size);
                break;
            case AvroKind.Array or AvroKind.Map:
                SkipItems(ref input, type);
                break;
            case AvroKind.Record:
                foreach (var field in type.Fields)
                {
                    Skip(ref input, field.Type);
                }

                break;
            default:
                input.ReadLong();
                break;
        }
    }

    private static void SkipItems(ref AvroInput input, AvroType type)
    {
        while (true)
        {
            int count = input.SkipBlock(out bool end);
            if (end)
            {
                return;
            }

            for (; count > 0; count--)
            {
                if (type.Kind == AvroKind.Map)
                {
                    input.ReadBytes();
                }

                Skip(ref input, type.Items!);
            }
        }
    }
}
