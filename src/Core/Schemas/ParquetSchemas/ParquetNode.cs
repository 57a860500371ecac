using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>A Parquet schema as a tree, apart from any file: a group where <paramref name="Type"/> is null.</summary>
/// <param name="Length">Bytes of a fixed-length byte array, else 0.</param>
/// <param name="Logical">The annotation, or null.</param>
internal sealed record ParquetNode(string Name, ParquetRepetition Repetition, ParquetType? Type = null, int Length = 0, LogicalType? Logical = null)
{
    public IReadOnlyList<ParquetNode> Children { get; init; } = [];

    /// <summary>Whether the group has MAP_KEY_VALUE, an annotation that exists in the old form only; parquet-mr puts it on a map's entries.</summary>
    public bool IsMapKeyValue { get; init; }

    /// <summary>The schema of a footer. Annotations in the old form alone (ConvertedType) are understood.</summary>
    public static ParquetNode From(SchemaNode node) => new(node.Name, node.Repetition, node.Element.Type, node.Element.TypeLength ?? 0, Annotation(node.Element))
    {
        Children = [.. node.Children.Select(From)],
        IsMapKeyValue = node.Element.ConvertedType == ConvertedType.MapKeyValue,
    };

    private static LogicalType? Annotation(SchemaElement element) => element.LogicalType ?? element.ConvertedType switch
    {
        ConvertedType.Utf8 => LogicalType.String,
        ConvertedType.Enum => LogicalType.Enum,
        ConvertedType.Json => new LogicalType(LogicalKind.Json),
        ConvertedType.List => new LogicalType(LogicalKind.List),
        ConvertedType.Map => new LogicalType(LogicalKind.Map),
        ConvertedType.Decimal => new LogicalType(LogicalKind.Decimal) { Precision = element.Precision ?? 0, Scale = element.Scale ?? 0 },
        ConvertedType.Date => new LogicalType(LogicalKind.Date),
        ConvertedType.TimeMillis => new LogicalType(LogicalKind.Time) { Unit = ParquetTimeUnit.Millis, IsAdjustedToUtc = true },
        ConvertedType.TimeMicros => new LogicalType(LogicalKind.Time) { Unit = ParquetTimeUnit.Micros, IsAdjustedToUtc = true },
        ConvertedType.TimestampMillis => new LogicalType(LogicalKind.Timestamp) { Unit = ParquetTimeUnit.Millis, IsAdjustedToUtc = true },
        ConvertedType.TimestampMicros => new LogicalType(LogicalKind.Timestamp) { Unit = ParquetTimeUnit.Micros, IsAdjustedToUtc = true },
        _ => null,
    };
}
