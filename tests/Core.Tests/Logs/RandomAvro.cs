using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>Random record schemas over all Avro types that a table can have, unions with null in either place included.</summary>
internal static class RandomAvro
{
    public static JsonObject Record(Random random, int depth = 3)
    {
        int names = 0;
        return Record(random, depth, random.Next(1, 8), ref names);
    }

    /// <summary>The same schema without logical types, which Apache.Avro would turn into objects of its own.</summary>
    public static JsonNode Plain(JsonNode node)
    {
        var copy = node.DeepClone();
        Strip(copy);
        return copy;
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            o.Remove("logicalType");
            o.Remove("precision");
            o.Remove("scale");
            foreach (var (_, value) in o.ToList())
            {
                Strip(value);
            }
        }
        else if (node is JsonArray a)
        {
            foreach (var item in a)
            {
                Strip(item);
            }
        }
    }

    private static JsonObject Record(Random random, int depth, int fields, ref int names)
    {
        var array = new JsonArray();
        var name = "r" + names++;
        for (int i = 0; i < fields; i++)
        {
            array.Add(new JsonObject { ["name"] = "c" + i, ["type"] = Maybe(random, depth, ref names) });
        }

        return new JsonObject { ["type"] = "record", ["name"] = name, ["fields"] = array };
    }

    private static JsonNode Maybe(Random random, int depth, ref int names)
    {
        var type = Type(random, depth, ref names);
        return random.Next(5) switch
        {
            0 or 1 => new JsonArray("null", type),
            2 => new JsonArray(type, "null"),
            3 when random.Next(4) == 0 => new JsonArray(type),
            _ => type,
        };
    }

    private static JsonNode Type(Random random, int depth, ref int names)
    {
        int precision = random.Next(1, 39);
        return random.Next(depth > 0 ? 22 : 18) switch
        {
            0 => "boolean",
            1 => "int",
            2 => "long",
            3 => "float",
            4 => "double",
            5 or 6 => "string",
            7 => "bytes",
            8 => new JsonObject { ["type"] = "fixed", ["name"] = "f" + names++, ["size"] = random.Next(1, 20) },
            9 => Logical("bytes", "decimal", precision, random.Next(precision + 1)),
            10 => new JsonObject
            {
                ["type"] = "fixed",
                ["name"] = "f" + names++,
                ["size"] = random.Next(16, 19),
                ["logicalType"] = "decimal",
                ["precision"] = precision,
                ["scale"] = random.Next(precision + 1),
            },
            11 => Logical("int", "date"),
            12 => Logical("int", "time-millis"),
            13 => Logical("long", "time-micros"),
            14 => Logical("long", "timestamp-millis"),
            15 => Logical("long", "timestamp-micros"),
            16 => Logical("long", random.Next(2) == 0 ? "local-timestamp-micros" : "local-timestamp-millis"),
            17 => Logical("string", "uuid"),
            18 => new JsonObject { ["type"] = "array", ["items"] = Maybe(random, depth - 1, ref names) },
            19 => new JsonObject { ["type"] = "map", ["values"] = Maybe(random, depth - 1, ref names) },
            _ => Record(random, depth - 1, random.Next(1, 4), ref names),
        };
    }

    private static JsonObject Logical(string type, string logical, int? precision = null, int? scale = null)
    {
        var result = new JsonObject { ["type"] = type, ["logicalType"] = logical };
        if (precision is not null)
        {
            result["precision"] = precision;
            result["scale"] = scale;
        }

        return result;
    }
}
