using System.Text;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>A Parquet schema in the text form of parquet-mr (MessageType.toString).</summary>
internal static class ParquetSchemaText
{
    public static string Of(ParquetNode message)
    {
        var text = new StringBuilder($"message {message.Name} {{\n");
        foreach (var child in message.Children)
        {
            Append(text, child, "  ");
        }

        return text.Append("}\n").ToString();
    }

    private static void Append(StringBuilder text, ParquetNode node, string indent)
    {
        text.Append(indent).Append(node.Repetition.ToString().ToLowerInvariant()).Append(' ').Append(Type(node)).Append(' ').Append(node.Name);
        if (node.IsMapKeyValue)
        {
            text.Append(" (MAP_KEY_VALUE)");
        }
        else if (node.Logical is { } logical)
        {
            text.Append(" (").Append(Annotation(logical)).Append(')');
        }

        if (node.Type is not null)
        {
            text.Append(";\n");
            return;
        }

        text.Append(" {\n");
        foreach (var child in node.Children)
        {
            Append(text, child, indent + "  ");
        }

        text.Append(indent).Append("}\n");
    }

    private static string Type(ParquetNode node) => node.Type switch
    {
        null => "group",
        ParquetType.ByteArray => "binary",
        ParquetType.FixedLenByteArray => $"fixed_len_byte_array({node.Length})",
        { } type => type.ToString().ToLowerInvariant(),
    };

    private static string Annotation(LogicalType logical) => logical.Kind switch
    {
        LogicalKind.Decimal => $"DECIMAL({logical.Precision},{logical.Scale})",
        LogicalKind.Time or LogicalKind.Timestamp => $"{Name(logical)}({logical.Unit.ToString().ToUpperInvariant()},{(logical.IsAdjustedToUtc ? "true" : "false")})",
        LogicalKind.Integer => $"INTEGER({logical.BitWidth},{(logical.IsSigned ? "true" : "false")})",
        _ => Name(logical),
    };

    private static string Name(LogicalType logical) => logical.Kind.ToString().ToUpperInvariant();
}
