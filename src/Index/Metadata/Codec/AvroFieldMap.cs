using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The fields of a record in the order of the schema that wrote it, each with its number in a list of known names, or -1.</summary>
internal sealed class AvroFieldMap
{
    public AvroFieldMap(AvroType record, params ReadOnlySpan<string> names)
    {
        Fields = new (int, AvroType)[record.Fields.Count];
        for (int i = 0; i < Fields.Length; i++)
        {
            Fields[i] = (names.IndexOf(record.Fields[i].Name), record.Fields[i].Type);
        }
    }

    public (int Name, AvroType Type)[] Fields { get; }

    /// <summary>Whether the schema has one of the names.</summary>
    public bool Has(int name) => Array.Exists(Fields, f => f.Name == name);

    /// <summary>A record under a name, in a union with null or not; null where the schema has no such field.</summary>
    /// <exception cref="LakehouseException">Corrupt: the field is something else.</exception>
    public static AvroType? Record(AvroType record, string name) => Find(record, name, AvroKind.Record);

    /// <summary>A field of a kind; null where the schema has none of the name.</summary>
    public static AvroType? Find(AvroType record, string name, AvroKind kind)
    {
        foreach (var field in record.Fields)
        {
            if (field.Name == name)
            {
                return field.Type.Kind == kind
                    ? field.Type
                    : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The schema of the metadata table's records has a field {name} of the type {field.Type.Kind} instead of {kind}");
            }
        }

        return null;
    }
}

/// <summary>Values in a union with null.</summary>
internal static class AvroUnions
{
    /// <summary>Reads the branch, where the schema has a union; false: null.</summary>
    public static bool ReadBranch(ref this AvroInput input, AvroType type)
    {
        if (type.NullBranch < 0 && type.Branch < 0)
        {
            return true;
        }

        int branch = input.ReadInt();
        return branch == type.Branch || (branch == type.NullBranch ? false : throw AvroSkip.NoBranch(branch));
    }

    public static long? ReadNullableLong(ref this AvroInput input, AvroType type) => input.ReadBranch(type) ? input.ReadLong() : null;

    public static string? ReadNullableText(ref this AvroInput input, AvroType type) => input.ReadBranch(type) ? input.ReadText() : null;

    public static string ReadText(ref this AvroInput input) => System.Text.Encoding.UTF8.GetString(input.ReadBytes());

    /// <summary>Writes the branch, where the schema has a union.</summary>
    public static void WriteBranch(this AvroOutput output, AvroType type, bool hasValue)
    {
        int branch = hasValue ? type.Branch : type.NullBranch;
        if (branch >= 0)
        {
            output.WriteLong(branch);
        }
        else if (!hasValue)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A record of the metadata table has no value for a {type.Kind} that its schema wants");
        }
    }

    public static void WriteNullable(this AvroOutput output, AvroType type, long? value)
    {
        output.WriteBranch(type, value is not null);
        if (value is { } number)
        {
            output.WriteLong(number);
        }
    }

    public static void WriteNullable(this AvroOutput output, AvroType type, string? value)
    {
        output.WriteBranch(type, value is not null);
        if (value is not null)
        {
            output.WriteText(value);
        }
    }

    public static void WriteText(this AvroOutput output, string value)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(value);
        output.WriteLong(length);
        System.Text.Encoding.UTF8.GetBytes(value, output.Reserve(length));
    }

    public static void WriteBoolean(this AvroOutput output, bool value) => output.WriteByte(value ? (byte)1 : (byte)0);
}
