using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// SQL that turns a column as DuckDB reads it from a file into the type of the table's column, by the same rules by which a read does it (Schemas/Casts). Where both are of one type the
/// expression is the column itself, so that DuckDB pushes filters into the file.
/// </summary>
internal static class ColumnExpression
{
    private static readonly string[] Whole = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"];

    /// <param name="value">The expression that has the value; used several times where it is nested.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The type wanted.</param>
    /// <param name="avro">The type wanted in Avro, for defaults; or null.</param>
    /// <param name="column">The column's name, for errors.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="depth">How deep in a nested column.</param>
    public static string Convert(string value, DuckType from, DuckType to, AvroType? avro, string column, string path, int depth = 0)
    {
        if (from == to)
        {
            return value;
        }

        var item = "item" + depth;
        switch (from.Kind, to.Kind)
        {
            case (DuckTypeKind.List, DuckTypeKind.List):
                return $"list_transform({value}, lambda {item}: {Convert(item, from.Fields[0].Type, to.Fields[0].Type, avro?.Items, column, path, depth + 1)})";
            case (DuckTypeKind.Map, DuckTypeKind.Map):
                var entries = $"list_transform(map_entries({value}), lambda {item}: struct_pack(\"key\" := {Convert(item + ".\"key\"", from.Fields[0].Type, to.Fields[0].Type, null, column, path, depth + 1)}, "
                    + $"\"value\" := {Convert(item + ".\"value\"", from.Fields[1].Type, to.Fields[1].Type, avro?.Items, column, path, depth + 1)}))";
                return $"CASE WHEN {value} IS NULL THEN NULL ELSE map_from_entries({entries}) END";
            case (DuckTypeKind.Struct, DuckTypeKind.Struct):
                var fields = to.Fields.Select(f => $"{SqlText.Identifier(f.Name)} := {Field(value, from, f, avro?.Fields.FirstOrDefault(a => a.Name == f.Name), column, path, depth)}");
                return $"CASE WHEN {value} IS NULL THEN NULL ELSE struct_pack({string.Join(", ", fields)}) END";
            case (DuckTypeKind.Scalar, DuckTypeKind.Scalar):
                return Scalar(value, from.Name, to.Name) ?? throw Refuse(from, to, column, path);
            default:
                throw Refuse(from, to, column, path);
        }
    }

    private static string Field(string value, DuckType from, DuckField wanted, AvroField? avro, string column, string path, int depth)
    {
        var found = from.Fields.FirstOrDefault(f => f.Name == wanted.Name);
        return found is null
            ? DefaultValue.Sql(avro, wanted.Type, column)
            : Convert($"struct_extract({value}, {SqlText.Text(wanted.Name)})", found.Type, wanted.Type, avro?.Type, column, path, depth + 1);
    }

    private static string? Scalar(string value, string from, string to) => (from, to) switch
    {
        // A plain cast would go through the session's time zone.
        ("TIMESTAMP", ArrowToDuck.Instant) or (ArrowToDuck.Instant, "TIMESTAMP") => $"timezone('UTC', {value})",
        ("TIMESTAMP_NS" or "TIMESTAMP_MS" or "TIMESTAMP_S", "TIMESTAMP") => $"CAST({value} AS TIMESTAMP)",
        ("TIMESTAMP_NS" or "TIMESTAMP_MS" or "TIMESTAMP_S", ArrowToDuck.Instant) => $"timezone('UTC', CAST({value} AS TIMESTAMP))",
        ("TIME WITH TIME ZONE" or "TIME_NS", "TIME") => $"CAST({value} AS TIME)",
        ("BLOB", "VARCHAR") => $"decode({value})",
        ("VARCHAR", "BLOB") => $"encode({value})",
        ("UUID" or "DATE" or "BOOLEAN", "VARCHAR") => $"CAST({value} AS VARCHAR)",
        (_, "VARCHAR") when Whole.Contains(from) => $"CAST({value} AS VARCHAR)",
        (_, "INTEGER" or "BIGINT" or "FLOAT" or "DOUBLE") when Whole.Contains(from) => $"CAST({value} AS {to})",
        ("FLOAT", "DOUBLE") => $"CAST({value} AS DOUBLE)",
        (_, _) when to.StartsWith("DECIMAL", StringComparison.Ordinal) && (Whole.Contains(from) || from.StartsWith("DECIMAL", StringComparison.Ordinal)) => $"CAST({value} AS {to})",

        // DuckDB writes floats and decimals as text otherwise than Hudi does.
        _ => null,
    };

    private static LakehouseException Refuse(DuckType from, DuckType to, string column, string path) => new(
        LakehouseErrorKind.Unsupported, $"The column \"{column}\" is a {from} in the file, which SQL does not show as the table's {to}", path: path, remedy: "Read the table without SQL, or rewrite the file");
}
