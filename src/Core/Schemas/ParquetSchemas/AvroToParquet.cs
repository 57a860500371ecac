using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// The Parquet schema that Hudi's Avro writer gives a record (HoodieAvroParquetSchemaConverter with <c>parquet.avro.write-old-list-structure=false</c>): lists of three levels,
/// <c>list</c> and <c>element</c>, which alone can hold null elements.
/// </summary>
internal static class AvroToParquet
{
    public static ParquetNode Convert(AvroType record) => new(record.FullName!, ParquetRepetition.Required) { Children = Fields(record) };

    private static ParquetNode[] Fields(AvroType record) => [.. record.Fields.Select(f => Convert(f.Name, f.Type))];

    private static ParquetNode Convert(string name, AvroType type)
    {
        var repetition = type.Nullable ? ParquetRepetition.Optional : ParquetRepetition.Required;
        ParquetNode Leaf(ParquetType physical, LogicalType? logical = null, int length = 0) => new(name, repetition, physical, length, logical);
        return type.Kind switch
        {
            AvroKind.Boolean => Leaf(ParquetType.Boolean),
            AvroKind.Int => Leaf(ParquetType.Int32),
            AvroKind.Long => Leaf(ParquetType.Int64),
            AvroKind.Float => Leaf(ParquetType.Float),
            AvroKind.Double => Leaf(ParquetType.Double),
            AvroKind.String or AvroKind.Uuid => Leaf(ParquetType.ByteArray, LogicalType.String),
            AvroKind.Enum => Leaf(ParquetType.ByteArray, LogicalType.Enum),
            AvroKind.Bytes => Leaf(ParquetType.ByteArray),
            AvroKind.Fixed => Leaf(ParquetType.FixedLenByteArray, null, type.Size),
            AvroKind.Decimal => Leaf(
                type.Size > 0 ? ParquetType.FixedLenByteArray : ParquetType.ByteArray, new LogicalType(LogicalKind.Decimal) { Precision = type.Precision, Scale = type.Scale }, type.Size),
            AvroKind.Date => Leaf(ParquetType.Int32, new LogicalType(LogicalKind.Date)),
            AvroKind.TimeMillis => Leaf(ParquetType.Int32, Time(LogicalKind.Time, ParquetTimeUnit.Millis, true)),
            AvroKind.TimeMicros => Leaf(ParquetType.Int64, Time(LogicalKind.Time, ParquetTimeUnit.Micros, true)),
            AvroKind.TimestampMillis => Leaf(ParquetType.Int64, Time(LogicalKind.Timestamp, ParquetTimeUnit.Millis, true)),
            AvroKind.TimestampMicros => Leaf(ParquetType.Int64, Time(LogicalKind.Timestamp, ParquetTimeUnit.Micros, true)),
            AvroKind.LocalTimestampMillis => Leaf(ParquetType.Int64, Time(LogicalKind.Timestamp, ParquetTimeUnit.Millis, false)),
            AvroKind.LocalTimestampMicros => Leaf(ParquetType.Int64, Time(LogicalKind.Timestamp, ParquetTimeUnit.Micros, false)),
            AvroKind.Array => new ParquetNode(name, repetition, Logical: new LogicalType(LogicalKind.List))
            {
                Children = [new ParquetNode("list", ParquetRepetition.Repeated) { Children = [Convert(AvroToArrow.ElementName, type.Items!)] }],
            },
            AvroKind.Map => new ParquetNode(name, repetition, Logical: new LogicalType(LogicalKind.Map))
            {
                Children = [new ParquetNode("key_value", ParquetRepetition.Repeated) { IsMapKeyValue = true, Children = [Convert("key", new AvroType(AvroKind.String)), Convert("value", type.Items!)] }],
            },
            AvroKind.Record or AvroKind.Union => new ParquetNode(name, repetition) { Children = Fields(type) },
            _ => throw AvroTypeParser.Refused(name, "is of the type null", "Give the column a type"),
        };
    }

    private static LogicalType Time(LogicalKind kind, ParquetTimeUnit unit, bool utc) => new(kind) { Unit = unit, IsAdjustedToUtc = utc };
}
