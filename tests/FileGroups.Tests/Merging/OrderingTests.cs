using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.FileGroups.Tests;

public class OrderingTests
{
    [Fact]
    public void Values_compare_as_Hudis_do()
    {
        int compared = 0;
        int refused = 0;
        foreach (var v in Repository.Vectors("ordering.jsonl").Where(v => v.GetProperty("op").GetString() == "compare"))
        {
            var left = Columns(v.GetProperty("left"));
            var right = Columns(v.GetProperty("right"));
            if (v.GetProperty("sign").ValueKind == JsonValueKind.Number)
            {
                Assert.Equal(v.GetProperty("sign").GetInt32(), Compare(left, right));
                compared++;
            }
            else if (left.Length == right.Length && left[0].Data.DataType.TypeId != right[0].Data.DataType.TypeId)
            {
                // Java's classes are finer than Arrow's types: a java.sql.Date and a LocalDate are one column type.
                Assert.Throws<LakehouseException>(() => Compare(left, right));
                refused++;
            }
        }

        Assert.True(compared > 100 && refused > 50, $"{compared} compared, {refused} refused");
    }

    [Fact]
    public void Text_compares_by_code_point()
    {
        int count = 0;
        foreach (var v in Repository.Vectors("ordering.jsonl").Where(v => v.GetProperty("op").GetString() == "string"))
        {
            IArrowArray Text(string name) => new StringArray.Builder().Append(v.GetProperty(name).GetString()!).Build();
            Assert.Equal(v.GetProperty("avroUtf8").GetInt32(), Compare([Text("left")], [Text("right")]));
            count++;
        }

        Assert.Equal(73, count);
    }

    private static int Compare(IArrowArray[] left, IArrowArray[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            int order = Math.Sign(OrderingColumn.Of(left[i], "o").Compare(0, OrderingColumn.Of(right[i], "o"), 0));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static IArrowArray[] Columns(JsonElement typed)
    {
        var value = typed.GetProperty("value");
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        string type = typed.GetProperty("class").GetString()!.Split('.')[^1];
        return type switch
        {
            "Integer" => [new Int32Array.Builder().Append(int.Parse(text, CultureInfo.InvariantCulture)).Build()],
            "Long" => [new Int64Array.Builder().Append(long.Parse(text, CultureInfo.InvariantCulture)).Build()],
            "Float" => [new FloatArray.Builder().Append(float.Parse(text, CultureInfo.InvariantCulture)).Build()],
            "Double" => [new DoubleArray.Builder().Append(double.Parse(text, CultureInfo.InvariantCulture)).Build()],
            "Boolean" => [new BooleanArray.Builder().Append(text == "true").Build()],
            "String" or "Utf8" => [new StringArray.Builder().Append(text).Build()],
            "BigDecimal" => [new Decimal128Array.Builder(new Decimal128Type(38, 3)).Append(decimal.Parse(text, CultureInfo.InvariantCulture)).Build()],
            "Date" or "LocalDate" => [new Date32Array.Builder().Append(DateTime.Parse(text, CultureInfo.InvariantCulture)).Build()],
            "Timestamp" or "Instant" => [new TimestampArray.Builder(TimeUnit.Microsecond).Append(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)).Build()],
            "HeapByteBuffer" => [new BinaryArray.Builder().Append(Convert.FromBase64String(value.GetProperty("base64").GetString()!).AsSpan()).Build()],
            "ArrayComparable" => Pair(text.Trim('[', ']').Split(", ")),
            _ => throw new InvalidOperationException(type),
        };
    }

    private static IArrowArray[] Pair(string[] values) =>
        [new Int32Array.Builder().Append(int.Parse(values[0], CultureInfo.InvariantCulture)).Build(), new StringArray.Builder().Append(values[1]).Build()];
}
