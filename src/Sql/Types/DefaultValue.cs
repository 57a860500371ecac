using System.Text.Json;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Sql;

/// <summary>What stands in a column that a file lacks: the Avro default, else null, as in Schemas/Casts.</summary>
internal static class DefaultValue
{
    public static string Sql(AvroField? field, DuckType type, string column)
    {
        if (field?.Default is not { ValueKind: not JsonValueKind.Null } value)
        {
            return $"CAST(NULL AS {type})";
        }

        var text = field.Type.Kind switch
        {
            AvroKind.Boolean => value.GetBoolean() ? "TRUE" : "FALSE",
            AvroKind.Int or AvroKind.Long or AvroKind.Float or AvroKind.Double => SqlText.Text(value.GetRawText()),
            AvroKind.String or AvroKind.Enum or AvroKind.Uuid => SqlText.Text(value.GetString()!),
            AvroKind.Date => $"DATE '1970-01-01' + {value.GetInt32()}",
            AvroKind.TimestampMillis => $"timezone('UTC', make_timestamp_ms({value.GetInt64()}))",
            AvroKind.TimestampMicros => $"timezone('UTC', make_timestamp({value.GetInt64()}))",
            AvroKind.LocalTimestampMillis => $"make_timestamp_ms({value.GetInt64()})",
            AvroKind.LocalTimestampMicros => $"make_timestamp({value.GetInt64()})",
            _ => throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"Files lack the column \"{column}\", whose default {value.GetRawText()} is of a type that SQL does not fill in", remedy: "Read the table without SQL"),
        };
        return $"CAST({text} AS {type})";
    }
}
