using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Index.Tests;

/// <summary>A row of key-generators.jsonl as a batch of one row, or of several equal ones.</summary>
internal static class VectorRow
{
    private static readonly Decimal128Type Decimal = new(10, 2);

    public static RecordBatch Batch(JsonElement row, int copies = 1)
    {
        string? Text(string name) => row.TryGetProperty(name, out var v) && v.ValueKind != JsonValueKind.Null ? v.ValueKind == JsonValueKind.String ? v.GetString() : v.GetRawText() : null;
        long? Micros(string? s) => s is null ? null : (DateTimeOffset.Parse(s, CultureInfo.InvariantCulture).UtcTicks - DateTime.UnixEpoch.Ticks) / 10;
        long? Day(string? s) => s is null ? null : DateOnly.Parse(s, CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        long? Long(string name) => Text(name) is { } s ? long.Parse(s, CultureInfo.InvariantCulture) : null;

        bool hasAddress = row.TryGetProperty("addr.city", out _) || row.TryGetProperty("addr.zip", out _);
        var builder = new RecordBatch.Builder();
        foreach (string name in (string[])["id", "name", "part", "region", "evs"])
        {
            builder.Append(name, true, Strings(Text(name), copies));
        }

        builder.Append("num", true, Ints((int?)Long("num"), copies));
        builder.Append("big", true, Longs(Long("big"), copies));
        builder.Append("evl", true, Longs(Long("evl"), copies));
        builder.Append("dbl", true, Doubles(Text("dbl"), copies));
        builder.Append("flt", true, Floats(Text("flt"), copies));
        builder.Append("flag", true, Booleans(Text("flag"), copies));
        builder.Append("day", true, Dates(Day(Text("day")), copies));
        builder.Append("ts", true, Timestamps(Micros(Text("ts")), copies));
        builder.Append("dec", true, Decimals(Text("dec"), copies));
        var type = new StructType([new Field("city", StringType.Default, true), new Field("zip", Int32Type.Default, true)]);
        var validity = new ArrowBuffer.BitmapBuilder().AppendRange(hasAddress, copies).Build();
        builder.Append("addr", true, new StructArray(type, copies, [Strings(Text("addr.city"), copies), Ints((int?)Long("addr.zip"), copies)], validity, hasAddress ? 0 : copies));
        return builder.Build();
    }

    private static StringArray Strings(string? v, int n)
    {
        var b = new StringArray.Builder();
        for (int i = 0; i < n; i++)
        {
            b.Append(v!);
        }

        return b.Build();
    }

    private static Int32Array Ints(int? v, int n) => new(Data(v ?? 0, n), Validity(v is not null, n), n, v is null ? n : 0, 0);

    private static Int64Array Longs(long? v, int n) => new(Data(v ?? 0, n), Validity(v is not null, n), n, v is null ? n : 0, 0);

    private static DoubleArray Doubles(string? v, int n) =>
        new(Data(double.Parse(v ?? "0", CultureInfo.InvariantCulture), n), Validity(v is not null, n), n, v is null ? n : 0, 0);

    private static FloatArray Floats(string? v, int n) =>
        new(Data(float.Parse(v ?? "0", CultureInfo.InvariantCulture), n), Validity(v is not null, n), n, v is null ? n : 0, 0);

    private static BooleanArray Booleans(string? v, int n) => new(Validity(v == "true", n), Validity(v is not null, n), n, v is null ? n : 0, 0);

    private static ArrowBuffer Data<T>(T v, int n)
        where T : struct => new ArrowBuffer.Builder<T>().AppendRange(Enumerable.Repeat(v, n)).Build();

    private static Date32Array Dates(long? v, int n)
    {
        var data = new ArrowBuffer.Builder<int>().AppendRange(Enumerable.Repeat((int)(v ?? 0), n)).Build();
        return new Date32Array(data, Validity(v is not null, n), n, v is null ? n : 0, 0);
    }

    private static TimestampArray Timestamps(long? v, int n)
    {
        var data = new ArrowBuffer.Builder<long>().AppendRange(Enumerable.Repeat(v ?? 0, n)).Build();
        return new TimestampArray(new TimestampType(TimeUnit.Microsecond, "UTC"), data, Validity(v is not null, n), n, v is null ? n : 0, 0);
    }

    private static Decimal128Array Decimals(string? v, int n)
    {
        var b = new Decimal128Array.Builder(Decimal);
        for (int i = 0; i < n; i++)
        {
            _ = v is null ? b.AppendNull() : b.Append(decimal.Parse(v, CultureInfo.InvariantCulture));
        }

        return b.Build();
    }

    private static ArrowBuffer Validity(bool valid, int n) => new ArrowBuffer.BitmapBuilder().AppendRange(valid, n).Build();
}
