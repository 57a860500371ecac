namespace OllaLab.Lakehouse.Schemas;

/// <summary>Columns and types in Spark's DDL.</summary>
internal static class DdlText
{
    public static string Of(AvroType record) => string.Join(",\n", record.Fields.Select(f =>
        $"{Name(f.Name)} {Type(f.Type)}{NotNull(f.Type)}{(string.IsNullOrEmpty(f.Doc) ? string.Empty : $" comment '{f.Doc.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'")}"));

    /// <summary>The type as Spark names it. Times of day and fixed, which Spark has no type for, appear as the number or binary that they are to it.</summary>
    public static string Type(AvroType type) => type.Kind switch
    {
        AvroKind.Boolean => "boolean",
        AvroKind.Int or AvroKind.TimeMillis => "int",
        AvroKind.Long or AvroKind.TimeMicros => "bigint",
        AvroKind.Float => "float",
        AvroKind.Double => "double",
        AvroKind.String or AvroKind.Enum or AvroKind.Uuid => "string",
        AvroKind.Bytes or AvroKind.Fixed => "binary",
        AvroKind.Decimal => $"decimal({type.Precision},{type.Scale})",
        AvroKind.Date => "date",
        AvroKind.TimestampMillis or AvroKind.TimestampMicros => "timestamp",
        AvroKind.LocalTimestampMillis or AvroKind.LocalTimestampMicros => "timestamp_ntz",
        AvroKind.Array => $"array<{Type(type.Items!)}{NotNull(type.Items!)}>",
        AvroKind.Map => $"map<string,{Type(type.Items!)}{NotNull(type.Items!)}>",
        AvroKind.Record or AvroKind.Union => $"struct<{string.Join(',', type.Fields.Select(f => $"{Name(f.Name)}:{Type(f.Type)}{NotNull(f.Type)}"))}>",
        _ => "void",
    };

    private static string NotNull(AvroType type) => type.Nullable ? string.Empty : " not null";

    private static string Name(string name) => name.All(c => char.IsLetterOrDigit(c) || c == '_') ? name : $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
