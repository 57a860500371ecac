namespace OllaLab.Lakehouse.Schemas;

/// <summary>The types of an Avro schema as the engine tells them apart: primitive and logical types in one list, since each has its own Arrow and Parquet form.</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    String,
    Bytes,
    Fixed,
    Enum,
    Uuid,
    Decimal,
    Date,
    TimeMillis,
    TimeMicros,
    TimestampMillis,
    TimestampMicros,
    LocalTimestampMillis,
    LocalTimestampMicros,
    Array,
    Map,
    Record,

    /// <summary>A union of several types other than null; its members are <see cref="AvroType.Fields"/>.</summary>
    Union,
}
