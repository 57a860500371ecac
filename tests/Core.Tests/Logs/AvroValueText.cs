using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>Values of Arrow columns and those of the vectors' JSON, in one text form.</summary>
internal static class AvroValueText
{
    public static string Of(RecordBatch batch, AvroType record, int row) =>
        string.Join(", ", record.Fields.Select(f => $"{f.Name}: {Of(batch.Column(batch.Schema.FieldsList.ToList().FindIndex(x => x.Name == f.Name)).Data, f.Type, row)}"));

    public static string Of(JsonElement record) => string.Join(", ", record.EnumerateObject().Select(p => $"{p.Name}: {OfJson(p.Value)}"));

    public static string Of(ArrayData data, AvroType type, int row)
    {
        if (ArrayValue.IsNull(data, row))
        {
            return "null";
        }

        switch (type.Kind)
        {
            case AvroKind.Boolean:
                return Bits.Get(data.Buffers[1].Span, data.Offset + row) ? "true" : "false";
            case AvroKind.Int or AvroKind.Date or AvroKind.TimeMillis:
                return ArrayValue.Fixed<int>(data, row).ToString(CultureInfo.InvariantCulture);
            case AvroKind.Float:
                return Double(ArrayValue.Fixed<float>(data, row));
            case AvroKind.Double:
                return Double(ArrayValue.Fixed<double>(data, row));
            case AvroKind.String or AvroKind.Uuid or AvroKind.Enum:
                return Text(Encoding.UTF8.GetString(ArrayValue.Bytes(data, row)));
            case AvroKind.Bytes:
                return Binary(ArrayValue.Bytes(data, row));
            case AvroKind.Fixed:
                return Binary(ArrayValue.FixedBytes(data, row, type.Size));
            case AvroKind.Decimal:
                var unscaled = ((BigInteger)ArrayValue.Decimal128(data, row)).ToByteArray(isBigEndian: true);
                var sign = unscaled[0] >= 0x80 ? (byte)0xFF : (byte)0;
                return Binary([.. Enumerable.Repeat(sign, Math.Max(0, type.Size - unscaled.Length)), .. unscaled]);
            case AvroKind.Array:
                var (start, length) = ArrayValue.Range(data, row);
                return $"[{string.Join(", ", Enumerable.Range(start, length).Select(i => Of(data.Children[0], type.Items!, i)))}]";
            case AvroKind.Map:
                (start, length) = ArrayValue.Range(data, row);
                var entries = data.Children[0];
                return Map(Enumerable.Range(start + entries.Offset, length)
                    .Select(i => (Encoding.UTF8.GetString(ArrayValue.Bytes(entries.Children[0], i)), Of(entries.Children[1], type.Items!, i))));
            case AvroKind.Record:
                return Map(type.Fields.Select((f, i) => (f.Name, Of(data.Children[i], f.Type, row + data.Offset))));
            default:
                return ArrayValue.Fixed<long>(data, row).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string OfJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(OfJson))}]",
        _ when value.TryGetProperty("base64", out var bytes) => Binary(bytes.GetBytesFromBase64()),
        _ when value.TryGetProperty("double", out var number) => Double(number.GetString() is "NaN" ? double.NaN : double.Parse(number.GetString()!, CultureInfo.InvariantCulture)),
        _ => Map(value.EnumerateObject().Select(p => (p.Name, OfJson(p.Value)))),
    };

    private static string Text(string value) => JsonSerializer.Serialize(value);

    private static string Binary(ReadOnlySpan<byte> value) => $"<{Convert.ToBase64String(value)}>";

    private static string Double(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Map(IEnumerable<(string Name, string Value)> entries) => $"{{{string.Join(", ", entries.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => $"{e.Name}: {e.Value}"))}}}";
}
