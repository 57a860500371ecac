using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A bound: a union of null and wrapper records of one field each, which are told by their names.</summary>
internal sealed class WrappedValueCodec
{
    private const string Suffix = "Wrapper";

    private readonly AvroType union;
    private readonly (WrapperKind Kind, AvroType? Value)[] branches;

    public WrappedValueCodec(AvroType union)
    {
        this.union = union;
        branches = new (WrapperKind, AvroType?)[union.Fields.Count + 1];
        foreach (var member in union.Kind == AvroKind.Union ? union.Fields : [])
        {
            branches[member.Type.Branch] = Wrapper(member.Type);
        }
    }

    /// <summary>An array's elements are passed over: such a bound is not known.</summary>
    public WrappedValue? Read(ref AvroInput input)
    {
        int branch = input.ReadInt();
        if (branch == union.NullBranch)
        {
            return null;
        }

        if ((uint)branch >= (uint)branches.Length || branches[branch].Value is not { } type)
        {
            throw AvroSkip.NoBranch(branch);
        }

        var kind = branches[branch].Kind;
        if (kind == WrapperKind.Array)
        {
            new AvroSkip(type).Read(ref input);
            return null;
        }

        return new WrappedValue(kind, kind switch
        {
            WrapperKind.Boolean => input.ReadBoolean(),
            WrapperKind.Int or WrapperKind.Date or WrapperKind.LocalDate => input.ReadInt(),
            WrapperKind.Float => input.ReadFloat(),
            WrapperKind.Double => input.ReadDouble(),
            WrapperKind.Bytes or WrapperKind.Decimal => input.ReadBytes().ToArray(),
            WrapperKind.String => input.ReadText(),
            _ => input.ReadLong(),
        });
    }

    public void Write(AvroOutput output, WrappedValue? bound)
    {
        if (bound is not { } value)
        {
            output.WriteLong(union.NullBranch);
            return;
        }

        int branch = Array.FindIndex(branches, b => b.Kind == value.Kind && b.Value is not null);
        if (branch < 0 || value.Kind == WrapperKind.Array)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The schema of the metadata table's records has no place for bounds of the kind {value.Kind}");
        }

        output.WriteLong(branch);
        switch (value.Value)
        {
            case bool v:
                output.WriteBoolean(v);
                break;
            case int v:
                output.WriteLong(v);
                break;
            case long v:
                output.WriteLong(v);
                break;
            case float v:
                output.WriteFloat(v);
                break;
            case double v:
                output.WriteDouble(v);
                break;
            case string v:
                output.WriteText(v);
                break;
            default:
                output.WriteBytes((byte[])value.Value);
                break;
        }
    }

    private static (WrapperKind Kind, AvroType? Value) Wrapper(AvroType record)
    {
        string name = record.FullName is { } full ? full[(full.LastIndexOf('.') + 1)..] : string.Empty;
        return name.EndsWith(Suffix, StringComparison.Ordinal) && Enum.TryParse(name[..^Suffix.Length], out WrapperKind kind)
            && record.Fields is [{ Type: var value }] && (kind == WrapperKind.Array || value.Kind == Stored(kind))
            ? (kind, value)
            : throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"The schema of the metadata table's records has bounds of the unknown kind '{name}'", remedy: "Read the table with hoodie.metadata.enable=false");
    }

    /// <summary>What a wrapper's field is.</summary>
    private static AvroKind Stored(WrapperKind kind) => kind switch
    {
        WrapperKind.Boolean => AvroKind.Boolean,
        WrapperKind.Int or WrapperKind.Date or WrapperKind.LocalDate => AvroKind.Int,
        WrapperKind.Long or WrapperKind.TimestampMicros => AvroKind.Long,
        WrapperKind.TimeMicros => AvroKind.TimeMicros,
        WrapperKind.Float => AvroKind.Float,
        WrapperKind.Double => AvroKind.Double,
        WrapperKind.Bytes => AvroKind.Bytes,
        WrapperKind.Decimal => AvroKind.Decimal,
        _ => AvroKind.String,
    };
}
