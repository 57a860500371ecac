using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>What stands in a column that a batch does not have: the Avro default (Avro specification, "Schema Resolution"), else null.</summary>
internal static class MissingColumn
{
    public static Func<int, ArrayData> Fill(Field field, AvroField? avro, string column, CastRules rules)
    {
        if (avro?.Default is { ValueKind: not JsonValueKind.Null } value)
        {
            var one = ArrowArrayFactory.BuildArray(One(field.DataType, avro.Type, value, column, rules));
            return length => Kernels.Take(one, new int[length]).Data;
        }

        return field.IsNullable
            ? length => Kernels.Nulls(field.DataType, length).Data
            : throw rules.Column(column, "is missing, has no default and must not be null", rules.IsInput ? "Add the column" : "Make the column nullable in the table's schema");
    }

    private static ArrayData One(IArrowType type, AvroType avro, JsonElement value, string column, CastRules rules)
    {
        if (value.ValueKind == JsonValueKind.Null && avro.Nullable)
        {
            return Kernels.Nulls(type, 1).Data;
        }

        try
        {
            return avro.Kind switch
            {
                AvroKind.Boolean => Make(type, [value.GetBoolean() ? (byte)1 : (byte)0]),
                AvroKind.Int or AvroKind.Date or AvroKind.TimeMillis => Make(type, BitConverter.GetBytes(value.GetInt32())),
                AvroKind.Float => Make(type, BitConverter.GetBytes(value.GetSingle())),
                AvroKind.Double => Make(type, BitConverter.GetBytes(value.GetDouble())),
                AvroKind.String or AvroKind.Enum or AvroKind.Uuid => Text(type, Encoding.UTF8.GetBytes(value.GetString()!)),
                AvroKind.Bytes => Text(type, Latin1(value)),
                AvroKind.Fixed => Make(type, Latin1(value, avro.Size)),
                AvroKind.Decimal => Make(type, Decimal(Latin1(value))),
                AvroKind.Array => List(type, [.. value.EnumerateArray().Select(item => One(((ListType)type).ValueDataType, avro.Items!, item, column, rules))], ((ListType)type).ValueDataType),
                AvroKind.Map => List(type, [.. value.EnumerateObject().Select(entry => Entry((MapType)type, avro, entry, column, rules))], ((MapType)type).KeyValueType),
                AvroKind.Record => Record((StructType)type, avro, value, column, rules),
                _ => Make(type, BitConverter.GetBytes(value.GetInt64())),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw rules.Column(column, $"has a default that is none of its type: {value.GetRawText()}");
        }
    }

    private static ArrayData Make(IArrowType type, byte[] value) => new(type, 1, 0, 0, [ArrowBuffer.Empty, Buffers.ToArrow(value)], []);

    private static ArrayData Text(IArrowType type, byte[] bytes) =>
        new(type, 1, 0, 0, [ArrowBuffer.Empty, Buffers.ToArrow([0, 0, 0, 0, .. BitConverter.GetBytes(bytes.Length)]), Buffers.ToArrow(bytes)], []);

    /// <summary>Defaults of bytes and fixed are text whose code points 0 to 255 are the bytes.</summary>
    private static byte[] Latin1(JsonElement value, int size = -1)
    {
        var text = value.GetString()!;
        return text.All(c => c <= 255) && (size < 0 || text.Length == size) ? Encoding.Latin1.GetBytes(text) : throw new FormatException();
    }

    private static byte[] Decimal(byte[] bigEndian)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, (Int128)new BigInteger(bigEndian, isBigEndian: true));
        return bytes;
    }

    private static ArrayData List(IArrowType type, IReadOnlyList<ArrayData> items, IArrowType item)
    {
        var values = items.Count == 0 ? Kernels.Nulls(item, 0) : Kernels.Concat([.. items.Select(ArrowArrayFactory.BuildArray)]);
        return new ArrayData(type, 1, 0, 0, [ArrowBuffer.Empty, Buffers.ToArrow([0, 0, 0, 0, .. BitConverter.GetBytes(items.Count)])], [values.Data]);
    }

    private static ArrayData Entry(MapType type, AvroType avro, JsonProperty entry, string column, CastRules rules) =>
        new(type.KeyValueType, 1, 0, 0, [ArrowBuffer.Empty], [Text(StringType.Default, Encoding.UTF8.GetBytes(entry.Name)), One(type.ValueField.DataType, avro.Items!, entry.Value, column, rules)]);

    private static ArrayData Record(StructType type, AvroType avro, JsonElement value, string column, CastRules rules) => new(type, 1, 0, 0, [ArrowBuffer.Empty], [.. avro.Fields.Select((f, i) =>
        value.TryGetProperty(f.Name, out var own)
            ? One(type.Fields[i].DataType, f.Type, own, $"{column}.{f.Name}", rules)
            : Fill(type.Fields[i], f, $"{column}.{f.Name}", rules)(1))]);
}
