using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <content>Arrays of one value.</content>
internal static partial class Kernels
{
    /// <summary>The same text in every row.</summary>
    public static StringArray ConstantString(string value, int length)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        var bytes = Buffers.Allocate((long)utf8.Length * length);
        var offsets = Buffers.Allocate((length + 1L) * sizeof(int));
        var ends = MemoryMarshal.Cast<byte, int>(offsets.AsSpan());
        for (int i = 0; i <= length; i++)
        {
            ends[i] = i * utf8.Length;
        }

        for (int done = 0; done < bytes.Length;)
        {
            // Doubling: copies what is there already.
            int n = done == 0 ? utf8.Length : Math.Min(done, bytes.Length - done);
            (done == 0 ? utf8.AsSpan() : bytes.AsSpan(0, n)).CopyTo(bytes.AsSpan(done));
            done += n;
        }

        return new StringArray(length, Buffers.ToArrow(offsets), Buffers.ToArrow(bytes), ArrowBuffer.Empty, 0);
    }

    /// <summary>Rows that are all null, of any supported type.</summary>
    public static IArrowArray Nulls(IArrowType type, int length)
    {
        using var runs = new RunBuilder(1);
        runs.Add(0, -1, length);
        return ArrowArrayFactory.BuildArray(Gather.Run([Empty(type)], new RowRuns(runs.Runs)));
    }

    /// <summary>A batch of this schema without rows.</summary>
    public static RecordBatch EmptyBatch(Schema schema) => new(schema, schema.FieldsList.Select(f => Nulls(f.DataType, 0)), 0);

    /// <summary>An array without rows, whose buffers and children are there as the type asks.</summary>
    internal static ArrayData Empty(IArrowType type)
    {
        var none = ArrowBuffer.Empty;
        return type switch
        {
            NullType => new ArrayData(type, 0, 0, 0, System.Array.Empty<ArrowBuffer>(), []),
            StringType or BinaryType or LargeStringType or LargeBinaryType => new ArrayData(type, 0, 0, 0, [none, none, none], []),
            ListType l => new ArrayData(type, 0, 0, 0, [none, none], [Empty(l.ValueDataType)]),
            LargeListType l => new ArrayData(type, 0, 0, 0, [none, none], [Empty(l.ValueDataType)]),
            MapType m => new ArrayData(type, 0, 0, 0, [none, none], [Empty(m.KeyValueType)]),
            FixedSizeListType l => new ArrayData(type, 0, 0, 0, [none], [Empty(l.ValueDataType)]),
            StructType s => new ArrayData(type, 0, 0, 0, [none], [.. s.Fields.Select(f => Empty(f.DataType))]),
            DictionaryType d => new ArrayData(type, 0, 0, 0, [none, none], [], Empty(d.ValueType)),
            FixedWidthType => new ArrayData(type, 0, 0, 0, [none, none], []),
            _ => throw Corrupt.Unsupported(type),
        };
    }
}
