using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Tests.Arrays;

/// <summary>
/// The model that the kernels are tested against: a column is an <c>object?[]</c>. Leaf values are long (integers, dates, times), double, bool, string, or text of hex digits (binary, decimals);
/// lists are object?[], structs Row, maps object?[] of Row.
/// Building and reading go through nothing of the code under test.
/// </summary>
internal static class NaiveArrays
{
    public sealed record Row(object?[] Items);

    public static IArrowArray Build(IArrowType type, IReadOnlyList<object?> values) => ArrowArrayFactory.BuildArray(Data(type, values));

    private static ArrayData Data(IArrowType type, IReadOnlyList<object?> values)
    {
        int n = values.Count;
        int nulls = values.Count(v => v is null);
        var valid = new byte[(n + 7) / 8];
        for (int i = 0; i < n; i++)
        {
            valid[i / 8] |= (byte)(values[i] is null ? 0 : 1 << (i % 8));
        }

        var bitmap = nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(valid);
        ArrayData Make(ArrowBuffer[] buffers, params ArrayData[] children) => new(type, n, nulls, 0, [bitmap, .. buffers], children);
        switch (type)
        {
            case NullType:
                return new ArrayData(type, n, n, 0, System.Array.Empty<ArrowBuffer>(), System.Array.Empty<ArrayData>());
            case BooleanType:
                var bits = new byte[(n + 7) / 8];
                for (int i = 0; i < n; i++)
                {
                    bits[i / 8] |= (byte)(values[i] is true ? 1 << (i % 8) : 0);
                }

                return Make([new ArrowBuffer(bits)]);
            case StringType or BinaryType:
                return Make(Text(values, v => Bytes(type, v), 4));
            case LargeStringType or LargeBinaryType:
                return Make(Text(values, v => Bytes(type, v), 8));
            case ListType l:
                return List(l.ValueDataType, 4);
            case LargeListType l:
                return List(l.ValueDataType, 8);
            case MapType m:
                return List(m.KeyValueType, 4);
            case FixedSizeListType l:
                return Make([], Data(l.ValueDataType, values.SelectMany(v => (object?[]?)v ?? new object?[l.ListSize]).ToArray()));
            case StructType s:
                return Make([], [.. s.Fields.Select((f, i) => Data(f.DataType, values.Select(v => ((Row?)v)?.Items[i]).ToArray()))]);
            case DictionaryType d:
                var entries = values.Where(v => v is not null).Distinct().Reverse().ToList();
                var indexes = Data(d.IndexType, values.Select(v => v is null ? null : (object)(long)entries.IndexOf(v)).ToArray());
                return new ArrayData(type, n, nulls, 0, [bitmap, indexes.Buffers[1]], [], Data(d.ValueType, entries));
            case FixedWidthType f:
                int width = f.BitWidth / 8;
                var fixedBytes = new byte[n * width];
                for (int i = 0; i < n; i++)
                {
                    (values[i] is null ? [.. Enumerable.Repeat((byte)0xEE, width)] : Bytes(type, values[i])).CopyTo(fixedBytes, i * width);
                }

                return Make([new ArrowBuffer(fixedBytes)]);
            default:
                throw new NotSupportedException(type.Name);
        }

        ArrayData List(IArrowType item, int width) => Make(
            [Text(values, v => new byte[v is null ? 0 : ((object?[])v).Length], width)[0]], Data(item, values.SelectMany(v => (object?[]?)v ?? []).ToArray()));
    }

    private static ArrowBuffer[] Text(IReadOnlyList<object?> values, Func<object?, byte[]> bytes, int width)
    {
        var offsets = new MemoryStream();
        var data = new MemoryStream();
        offsets.Write(BitConverter.GetBytes(0L).AsSpan(0, width));
        foreach (var value in values)
        {
            data.Write(bytes(value));
            offsets.Write(BitConverter.GetBytes(data.Length).AsSpan(0, width));
        }

        return [new ArrowBuffer(offsets.ToArray()), new ArrowBuffer(data.ToArray())];
    }

    private static byte[] Bytes(IArrowType type, object? value) => (type, value) switch
    {
        (_, null) => [],
        (StringType or LargeStringType, string s) => System.Text.Encoding.UTF8.GetBytes(s),
        (FloatType, double d) => BitConverter.GetBytes((float)d),
        (DoubleType, double d) => BitConverter.GetBytes(d),
        (FixedWidthType f, long l) => [.. BitConverter.GetBytes(l).AsSpan(0, f.BitWidth / 8)],
        (_, string hex) => Convert.FromHexString(hex),
        _ => throw new NotSupportedException($"{type.Name} {value}"),
    };

    public static object?[] Read(IArrowArray array) => [.. Enumerable.Range(0, array.Length).Select(i => Read(array, i))];

    public static object? Read(IArrowArray array, int i)
    {
        if (array is NullArray || array.IsNull(i))
        {
            return null;
        }

        return array switch
        {
            BooleanArray a => a.GetValue(i),
            StringArray a => a.GetString(i),
            LargeStringArray a => a.GetString(i),
            LargeBinaryArray a => Convert.ToHexString(a.GetBytes(i)),
            FloatArray a => (double)a.GetValue(i)!.Value,
            DoubleArray a => a.GetValue(i),
            Int8Array a => (long)a.GetValue(i)!,
            Int16Array a => (long)a.GetValue(i)!,
            Int32Array a => (long)a.GetValue(i)!,
            Int64Array a => a.GetValue(i),
            Date32Array a => (long)a.GetValue(i)!,
            Time32Array a => (long)a.GetValue(i)!,
            Time64Array a => a.GetValue(i),
            TimestampArray a => a.GetValue(i),
            Apache.Arrow.Arrays.FixedSizeBinaryArray a => Convert.ToHexString(a.GetBytes(i)),
            BinaryArray a => Convert.ToHexString(a.GetBytes(i)),
            MapArray a => Entries(a, i),
            ListArray a => Items(a.Values, a.ValueOffsets[i], a.ValueOffsets[i + 1]),
            LargeListArray a => Items(a.Values, (int)a.ValueOffsets[i], (int)a.ValueOffsets[i + 1]),
            FixedSizeListArray a => Items(a.Values, (a.Offset + i) * Size(a), (a.Offset + i + 1) * Size(a)),
            StructArray a => new Row([.. a.Fields.Select(f => Read(f, i))]),
            DictionaryArray a => Read(a.Dictionary, checked((int)(long)Read(a.Indices, i)!)),
            _ => throw new NotSupportedException(array.GetType().Name),
        };
    }

    private static int Size(FixedSizeListArray array) => ((FixedSizeListType)array.Data.DataType).ListSize;

    private static object?[] Items(IArrowArray items, int start, int end) => [.. Enumerable.Range(start, end - start).Select(i => Read(items, i))];

    private static object?[] Entries(MapArray map, int i) =>
        [.. Enumerable.Range(map.ValueOffsets[i], map.ValueOffsets[i + 1] - map.ValueOffsets[i]).Select(k => new Row([Read(map.Keys, k), Read(map.Values, k)]))];

    /// <summary>A text by which values are compared: equal texts, equal values.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        double d => d.ToString("R"),
        string s => $"'{s}'",
        Row r => $"{{{string.Join(", ", r.Items.Select(Show))}}}",
        object?[] list => $"[{string.Join(", ", list.Select(Show))}]",
        _ => value.ToString()!,
    };

    public static string ShowAll(IEnumerable<object?> values) => string.Join("\n", values.Select(Show));
}
