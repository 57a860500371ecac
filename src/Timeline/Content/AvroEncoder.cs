using System.Buffers.Binary;
using System.Text.Json;
using Avro;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Encodes by a schema what <see cref="AvroValue"/> or a JSON document holds, fields taken by name: for records that go from a file into another one's. A field that is missing has the schema's default,
/// as when Java fills its classes; one that the schema does not know is left out.
/// </summary>
internal static class AvroEncoder
{
    public static void Write(AvroBuffer buffer, Schema schema, object? value)
    {
        switch (schema)
        {
            case UnionSchema union:
                int branch = Branch(union, value);
                buffer.Long(branch);
                Write(buffer, union[branch], value);
                break;
            case RecordSchema record when value is IReadOnlyDictionary<string, object?> fields:
                foreach (var field in record.Fields)
                {
                    Write(buffer, field.Schema, fields.TryGetValue(field.Name, out var found) ? found : Default(field));
                }

                break;
            case ArraySchema array when value is IReadOnlyCollection<object?> items:
                buffer.Block(items, (b, item) => Write(b, array.ItemSchema, item));
                break;
            case MapSchema map when value is IReadOnlyDictionary<string, object?> entries:
                buffer.Block(entries, (b, entry) =>
                {
                    b.String(entry.Key);
                    Write(b, map.ValueSchema, entry.Value);
                });
                break;
            default:
                Primitive(buffer, schema, value);
                break;
        }
    }

    /// <summary>A JSON document as <see cref="AvroValue"/> gives records.</summary>
    public static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(p => p.Name, p => FromJson(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out long number) ? number : (object)json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static int Branch(UnionSchema union, object? value)
    {
        for (int i = 0; i < union.Count; i++)
        {
            if ((union[i].Tag == Schema.Type.Null) == (value is null))
            {
                return i;
            }
        }

        throw new LakehouseException(LakehouseErrorKind.Corrupt, $"a value of the type {value?.GetType().Name ?? "null"} has no place in the union {union}");
    }

    private static object? Default(Field field) => field.DefaultValue?.Type switch
    {
        Newtonsoft.Json.Linq.JTokenType.Integer => (long)field.DefaultValue,
        Newtonsoft.Json.Linq.JTokenType.String => (string?)field.DefaultValue,
        Newtonsoft.Json.Linq.JTokenType.Boolean => (bool)field.DefaultValue,
        Newtonsoft.Json.Linq.JTokenType.Array => new List<object?>(),
        Newtonsoft.Json.Linq.JTokenType.Object => new Dictionary<string, object?>(),
        _ => null,
    };

    private static void Primitive(AvroBuffer buffer, Schema schema, object? value)
    {
        switch (schema.Tag, value)
        {
            case (Schema.Type.Null, null):
                break;
            case (Schema.Type.Boolean, bool flag):
                buffer.Boolean(flag);
                break;
            case (Schema.Type.Int or Schema.Type.Long, long number):
                buffer.Long(number);
                break;
            case (Schema.Type.Double, double or float or long):
                Span<byte> bytes = stackalloc byte[8];
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                buffer.Raw(bytes);
                break;
            case (Schema.Type.String, string text):
                buffer.String(text);
                break;
            default:
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"a value of the type {value?.GetType().Name ?? "null"} is not of the Avro type {schema.Tag}");
        }
    }
}
