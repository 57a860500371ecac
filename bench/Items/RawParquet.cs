using System.Buffers.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using ParquetSharp;
using ParquetSharp.Schema;
using Column = ParquetSharp.Schema.Node;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>ParquetSharp by itself: the physical writer, the fastest way that it has, one thread, its default settings, text handed over without a copy.</summary>
internal static unsafe class RawParquet
{
    private const int RowGroupRows = 122_880;

    public static Task<Measured> RunAsync(ItemContext context, bool withMeta)
    {
        using (var warm = new MappedBatches(context.Scratch.Arrow("delete")))
        {
            Write(context.Work.New() + ".parquet", warm.Read(), withMeta);
            Write(context.Work.New() + ".parquet", warm.Read(), withMeta);
        }

        var input = new MappedBatches(context.Scratch.Arrow("trips"));
        return Meter.RunAsync(() => Task.FromResult((double)Write(context.Work.New() + ".parquet", input.Read(), withMeta)));
    }

    private static long Write(string path, IEnumerable<RecordBatch> batches, bool withMeta)
    {
        using var properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).Build();
        using var schema = Schema(withMeta);
        using var file = new ParquetFileWriter(path, schema, properties);
        var group = new List<RecordBatch>();
        var rows = 0;
        var total = 0L;
        foreach (var batch in batches)
        {
            group.Add(batch);
            rows += batch.Length;
            if (rows >= RowGroupRows - Trips.BatchRows)
            {
                Flush();
            }
        }

        Flush();
        file.Close();
        return total;

        void Flush()
        {
            if (rows > 0)
            {
                WriteGroup(file, group, rows, total, withMeta);
            }

            total += rows;
            rows = 0;
            group.Clear();
        }
    }

    private static void WriteGroup(ParquetFileWriter file, List<RecordBatch> group, int rows, long first, bool withMeta)
    {
        using var writer = file.AppendRowGroup();
        var levels = new short[rows];
        System.Array.Fill(levels, (short)1);
        if (withMeta)
        {
            Constant(writer, rows, levels, "20261123000000000");
            Sequence(writer, rows, levels, first);
            Text(writer, group, 0, rows, levels);
            Constant(writer, rows, levels, "");
            Constant(writer, rows, levels, "b6f2d1f4-0000-4000-8000-000000000000-0_0-0-0_20261123000000000.parquet");
        }

        for (var column = 0; column < Trips.Schema.FieldsList.Count; column++)
        {
            switch (Trips.Schema.GetFieldByIndex(column).Name)
            {
                case "id":
                    Text(writer, group, column, rows, null);
                    break;
                case "city" or "driver":
                    Text(writer, group, column, rows, levels);
                    break;
                case "ts":
                    Fixed<long>(writer, group, column, rows, null);
                    break;
                case "started":
                    Fixed<long>(writer, group, column, rows, levels);
                    break;
                case "passengers":
                    Fixed<int>(writer, group, column, rows, levels);
                    break;
                case "paid":
                    Booleans(writer, group, column, rows, levels);
                    break;
                default:
                    Fixed<double>(writer, group, column, rows, levels);
                    break;
            }
        }
    }

    private static void Text(RowGroupWriter group, List<RecordBatch> batches, int column, int rows, short[]? levels)
    {
        var values = new ByteArray[rows];
        var at = 0;
        foreach (var batch in batches)
        {
            var array = (StringArray)batch.Column(column);
            var start = (byte*)array.ValueBuffer.Memory.Pin().Pointer;
            var offsets = array.ValueOffsets;
            for (var i = 0; i < array.Length; i++)
            {
                values[at++] = new ByteArray((nint)(start + offsets[i]), offsets[i + 1] - offsets[i]);
            }
        }

        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        writer.WriteBatch(rows, levels, null, values);
    }

    private static void Constant(RowGroupWriter group, int rows, short[] levels, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text + "\0");
        fixed (byte* start = bytes)
        {
            var values = new ByteArray[rows];
            System.Array.Fill(values, new ByteArray((nint)start, bytes.Length - 1));
            using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
            writer.WriteBatch(rows, levels, null, values);
        }
    }

    private static void Sequence(RowGroupWriter group, int rows, short[] levels, long first)
    {
        var prefix = "20261123000000000_0_"u8;
        var bytes = new byte[rows * 28];
        fixed (byte* start = bytes)
        {
            var values = new ByteArray[rows];
            for (var i = 0; i < rows; i++)
            {
                prefix.CopyTo(bytes.AsSpan(i * 28));
                Utf8Formatter.TryFormat(first + i, bytes.AsSpan((i * 28) + prefix.Length), out var written);
                values[i] = new ByteArray((nint)(start + (i * 28)), prefix.Length + written);
            }

            using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
            writer.WriteBatch(rows, levels, null, values);
        }
    }

    private static void Fixed<T>(RowGroupWriter group, List<RecordBatch> batches, int column, int rows, short[]? levels)
        where T : unmanaged, IEquatable<T>
    {
        var values = new T[rows];
        var mine = levels;
        var at = 0;
        var filled = 0;
        foreach (var batch in batches)
        {
            var array = (PrimitiveArray<T>)batch.Column(column);
            if (array.NullCount == 0)
            {
                array.Values.CopyTo(values.AsSpan(filled));
                filled += array.Length;
            }
            else
            {
                if (ReferenceEquals(mine, levels))
                {
                    mine = [.. levels!];
                }

                for (var i = 0; i < array.Length; i++)
                {
                    if (array.IsNull(i))
                    {
                        mine![at + i] = 0;
                    }
                    else
                    {
                        values[filled++] = array.Values[i];
                    }
                }
            }

            at += array.Length;
        }

        using var writer = (ColumnWriter<T>)group.NextColumn();
        writer.WriteBatch(rows, mine, null, values.AsSpan(0, filled));
    }

    private static void Booleans(RowGroupWriter group, List<RecordBatch> batches, int column, int rows, short[] levels)
    {
        var values = new bool[rows];
        var at = 0;
        foreach (var batch in batches)
        {
            var array = (BooleanArray)batch.Column(column);
            for (var i = 0; i < array.Length; i++)
            {
                values[at++] = array.GetValue(i).GetValueOrDefault();
            }
        }

        using var writer = (ColumnWriter<bool>)group.NextColumn();
        writer.WriteBatch(rows, levels, null, values);
    }

    private static GroupNode Schema(bool withMeta)
    {
        var nodes = new List<Column>();
        if (withMeta)
        {
            nodes.AddRange(Schemas.MetaColumns.Names.Select(n => Text(n, Repetition.Optional)));
        }

        nodes.AddRange([
            Text("id", Repetition.Required),
            new PrimitiveNode("ts", Repetition.Required, LogicalType.None(), PhysicalType.Int64),
            Text("city", Repetition.Optional),
            Text("driver", Repetition.Optional),
            new PrimitiveNode("lat", Repetition.Optional, LogicalType.None(), PhysicalType.Double),
            new PrimitiveNode("lon", Repetition.Optional, LogicalType.None(), PhysicalType.Double),
            new PrimitiveNode("fare", Repetition.Optional, LogicalType.None(), PhysicalType.Double),
            new PrimitiveNode("passengers", Repetition.Optional, LogicalType.None(), PhysicalType.Int32),
            new PrimitiveNode("paid", Repetition.Optional, LogicalType.None(), PhysicalType.Boolean),
            new PrimitiveNode("started", Repetition.Optional, LogicalType.Timestamp(true, ParquetSharp.TimeUnit.Micros), PhysicalType.Int64),
        ]);
        return new GroupNode("schema", Repetition.Required, nodes);
    }

    private static PrimitiveNode Text(string name, Repetition repetition) => new(name, repetition, LogicalType.String(), PhysicalType.ByteArray);
}
