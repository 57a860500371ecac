using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The columns of logged changes (HoodieCDCUtils.schemaBySupplementalLoggingMode): op, then ts_ms or record_key, then the rows that the mode keeps, without meta columns.</summary>
internal sealed class ChangeDataSchema
{
    public const string Operation = "op";
    public const string Time = "ts_ms";
    public const string RecordKey = "record_key";
    public const string Before = "before";
    public const string After = "after";

    private ChangeDataSchema(JsonObject json, TableSchema table, bool hasTime, bool hasBefore, bool hasAfter)
    {
        Json = json.ToJsonString(TableSchemaJson.Options);
        Table = TableSchema.FromAvro(Json);
        Row = new StructType(table.Arrow.FieldsList.ToList());
        HasTime = hasTime;
        HasBefore = hasBefore;
        HasAfter = hasAfter;
    }

    /// <summary>As Avro JSON, for the block's header.</summary>
    public string Json { get; }

    public TableSchema Table { get; }

    /// <summary>The type of a row before and after.</summary>
    public StructType Row { get; }

    /// <summary>The instant stands where other modes have the key.</summary>
    public bool HasTime { get; }

    public bool HasBefore { get; }

    public bool HasAfter { get; }

    public Schema Arrow => Table.Arrow;

    public static ChangeDataSchema Of(TableSchema table, CdcLogging mode)
    {
        if (mode == CdcLogging.KeyOnly)
        {
            // The one record of Hudi's whose strings come before null in the union.
            static JsonObject Text(string name) => new() { ["name"] = name, ["type"] = new JsonArray("string", "null") };
            var keys = new JsonObject { ["type"] = "record", ["name"] = "Record", ["fields"] = new JsonArray(Text(Operation), Text(RecordKey)) };
            return new ChangeDataSchema(keys, table, false, false, false);
        }

        var row = JsonNode.Parse(table.ToAvroJson(withMetaColumns: false))!;
        var full = mode == CdcLogging.BeforeAndAfter;
        var fields = new JsonArray(Optional(Operation, "string"), Optional(full ? Time : RecordKey, "string"), Optional(Before, row));
        if (full)
        {
            // The record type is spelled out once and named after that.
            fields.Add(Optional(After, table.Root.FullName!));
        }

        var record = new JsonObject { ["type"] = "record", ["name"] = "CDC" };
        if (table.Root.FullName!.LastIndexOf('.') is var dot and > 0)
        {
            record["namespace"] = table.Root.FullName[..dot];
        }

        record["fields"] = fields;
        return new ChangeDataSchema(record, table, full, true, full);
    }

    private static JsonObject Optional(string name, JsonNode type) => new() { ["name"] = name, ["type"] = new JsonArray("null", type), ["doc"] = string.Empty, ["default"] = null };
}
