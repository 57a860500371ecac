using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// The DuckDB type in which a table's column is shown. Instants are TIMESTAMP WITH TIME ZONE, local timestamps TIMESTAMP, both in microseconds, whatever a file stores; enums and UUIDs
/// are text, as everywhere in this engine.
/// </summary>
internal static class ArrowToDuck
{
    public const string Instant = "TIMESTAMP WITH TIME ZONE";

    public static DuckType Convert(IArrowType type, string column) => type switch
    {
        BooleanType => DuckType.Scalar("BOOLEAN"),
        Int32Type => DuckType.Scalar("INTEGER"),
        Int64Type => DuckType.Scalar("BIGINT"),
        FloatType => DuckType.Scalar("FLOAT"),
        DoubleType => DuckType.Scalar("DOUBLE"),
        StringType => DuckType.Scalar("VARCHAR"),
        BinaryType or FixedSizeBinaryType and not Decimal128Type => DuckType.Scalar("BLOB"),
        Decimal128Type d => DuckType.Scalar($"DECIMAL({d.Precision},{d.Scale})"),
        Date32Type => DuckType.Scalar("DATE"),
        Time32Type or Time64Type => DuckType.Scalar("TIME"),
        TimestampType t => DuckType.Scalar(t.Timezone is null ? "TIMESTAMP" : Instant),
        MapType m => DuckType.Map(Convert(m.KeyField.DataType, column), Convert(m.ValueField.DataType, column)),
        ListType l => DuckType.List(Convert(l.ValueDataType, column)),
        StructType s => DuckType.Struct([.. s.Fields.Select(f => new DuckField(f.Name, Convert(f.DataType, column)))]),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The column \"{column}\" has the type {type.Name}, which SQL does not show"),
    };
}
