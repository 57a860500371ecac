using System.Text.Json.Nodes;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>The Avro schema of a Parquet file that has none in its footer (parquet-mr's AvroSchemaConverter, which Hudi extends).</summary>
/// <param name="threeLevelLists">
/// True (ours): a repeated group of one field in a list is the list's own level, unless its name says that it is the element. False (Java's default,
/// <c>parquet.avro.add-list-element-records</c>): it is a record, also where it is called <c>list</c>.
/// </param>
internal sealed class ParquetToAvro(bool threeLevelLists)
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public static JsonObject Convert(ParquetNode message, bool threeLevelLists = true)
    {
        int dot = message.Name.LastIndexOf('.');
        var converter = new ParquetToAvro(threeLevelLists);
        var (name, space) = (message.Name[(dot + 1)..], dot < 0 ? string.Empty : message.Name[..dot]);
        converter._names[message.Name] = 1;
        return converter.Record(message, name, space, null, string.Empty);
    }

    private JsonObject Record(ParquetNode group, string name, string space, string? outer, string path)
    {
        var fields = new JsonArray();
        foreach (var child in group.Children)
        {
            var childPath = path.Length == 0 ? child.Name : $"{path}.{child.Name}";
            if (child.Repetition == ParquetRepetition.Repeated)
            {
                throw Refused(childPath, "is repeated without being a list or a map");
            }

            var field = new JsonObject { ["name"] = child.Name, ["type"] = Optional(child, space, childPath) };
            if (child.Repetition == ParquetRepetition.Optional)
            {
                field["default"] = null;
            }

            fields.Add((JsonNode)field);
        }

        return Named(new JsonObject { ["type"] = "record", ["name"] = name, ["fields"] = fields }, space, outer);
    }

    private JsonNode Optional(ParquetNode node, string space, string path)
    {
        var type = Type(node, space, path);
        return node.Repetition == ParquetRepetition.Optional ? new JsonArray("null", type) : type;
    }

    private JsonNode Type(ParquetNode node, string space, string path)
    {
        if (node.Type is not null)
        {
            return Leaf(node, space, path);
        }

        switch (node.Logical?.Kind)
        {
            case LogicalKind.List when node.Children is [{ Repetition: ParquetRepetition.Repeated } repeated]:
                bool isElement = repeated.Type is not null || repeated.Children.Count != 1 || repeated.Name == "array" || repeated.Name == $"{node.Name}_tuple"
                    || (!threeLevelLists && !repeated.Children[0].Repetition.Equals(ParquetRepetition.Repeated) && repeated.Logical is null);
                var items = isElement ? Type(repeated, space, $"{path}.element") : Optional(repeated.Children[0], space, $"{path}.element");
                return new JsonObject { ["type"] = "array", ["items"] = items };
            case LogicalKind.Map when node.Children is [{ Repetition: ParquetRepetition.Repeated, Children: [{ Repetition: ParquetRepetition.Required, Type: ParquetType.ByteArray }, var value] }]:
                return new JsonObject { ["type"] = "map", ["values"] = Optional(value, space, $"{path}.value") };
            case LogicalKind.List or LogicalKind.Map:
                throw Refused(path, "is a list or map of a form that is not known");
            default:
                // A second record of one name goes into a namespace of its own.
                int count = _names[node.Name] = _names.GetValueOrDefault(node.Name) + 1;
                return Record(node, node.Name, count > 1 ? $"{node.Name}{count}" : string.Empty, space, path);
        }
    }

    private JsonNode Leaf(ParquetNode node, string space, string path) => (node.Type, node.Logical?.Kind) switch
    {
        (ParquetType.Boolean, _) => "boolean",
        (ParquetType.Int32, LogicalKind.Date) => Logical("int", "date"),
        (ParquetType.Int32, LogicalKind.Time) => Logical("int", "time-millis"),
        (ParquetType.Int32 or ParquetType.Int64, LogicalKind.Decimal) => Decimal(new JsonObject { ["type"] = "bytes" }, node.Logical!),
        (ParquetType.Int32, _) => "int",
        (ParquetType.Int64, LogicalKind.Time) when node.Logical!.Unit == ParquetTimeUnit.Micros => Logical("long", "time-micros"),
        (ParquetType.Int64, LogicalKind.Timestamp) when node.Logical!.Unit != ParquetTimeUnit.Nanos => Logical(
            "long", $"{(node.Logical.IsAdjustedToUtc ? string.Empty : "local-")}timestamp-{(node.Logical.Unit == ParquetTimeUnit.Millis ? "millis" : "micros")}"),
        (ParquetType.Int64, LogicalKind.Time or LogicalKind.Timestamp) => throw Refused(path, "is in nanoseconds"),
        (ParquetType.Int64, _) => "long",

        // Spark's old form of a timestamp: nanoseconds of a day, and a day.
        (ParquetType.Int96, _) => Logical("long", "timestamp-micros"),
        (ParquetType.Float, _) => "float",
        (ParquetType.Double, _) => "double",
        (ParquetType.ByteArray, LogicalKind.String or LogicalKind.Enum or LogicalKind.Json) => "string",
        (ParquetType.ByteArray, LogicalKind.Decimal) => Decimal(new JsonObject { ["type"] = "bytes" }, node.Logical!),
        (ParquetType.ByteArray, _) => "bytes",
        (ParquetType.FixedLenByteArray, LogicalKind.Decimal) => Decimal(Fixed(node, space, path), node.Logical!),
        _ => Fixed(node, space, path),
    };

    private JsonObject Fixed(ParquetNode node, string space, string path)
    {
        // Java gives every fixed the field's name alone, so that two of one name and different sizes clash; ours are told apart by their column.
        var own = threeLevelLists && path.Contains('.') ? path[..path.LastIndexOf('.')] : string.Empty;
        return Named(new JsonObject { ["type"] = "fixed", ["name"] = node.Name, ["size"] = node.Length }, own, space);
    }

    private static JsonObject Decimal(JsonObject type, LogicalType logical)
    {
        type["logicalType"] = "decimal";
        type["precision"] = logical.Precision;
        type["scale"] = logical.Scale;
        return type;
    }

    private static JsonObject Logical(string type, string logical) => new() { ["type"] = type, ["logicalType"] = logical };

    /// <summary>States the namespace where it is not the enclosing one.</summary>
    private static JsonObject Named(JsonObject type, string space, string? outer)
    {
        if (space != (outer ?? string.Empty))
        {
            type["namespace"] = space;
        }

        return type;
    }

    private static LakehouseException Refused(string column, string problem) => new(
        LakehouseErrorKind.Unsupported, $"The Parquet column {column} {problem}, which is not supported", remedy: "Write the file with Hudi or Spark's standard types");
}
