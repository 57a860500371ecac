using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;

namespace Core.Tests.ParquetFiles;

/// <summary>Batches and files as plain text rows, to compare by.</summary>
internal static class ParquetRows
{
    public static async Task<List<string>> ReadAsync(IParquetFile file, ParquetReadRequest? request = null)
    {
        var rows = new List<string>();
        await foreach (var read in file.ReadAsync(request ?? new ParquetReadRequest(), CancellationToken.None))
        {
            using var batch = read.Batch;
            for (int i = 0; i < batch.Length; i++)
            {
                rows.Add(Row(batch, i));
            }
        }

        return rows;
    }

    public static string Row(RecordBatch batch, int row) => string.Join(" | ", Enumerable.Range(0, batch.ColumnCount).Select(c => Value(batch.Column(c), row)));

    public static string Value(IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            return "null";
        }

        return array switch
        {
            StringArray a => "'" + a.GetString(row) + "'",
            BooleanArray a => a.GetValue(row)!.Value ? "true" : "false",
            Int8Array a => a.GetValue(row).ToString()!,
            Int16Array a => a.GetValue(row).ToString()!,
            Int32Array a => a.GetValue(row).ToString()!,
            Int64Array a => a.GetValue(row).ToString()!,
            FloatArray a => a.GetValue(row)!.Value.ToString("R"),
            DoubleArray a => a.GetValue(row)!.Value.ToString("R"),
            Date32Array a => "d" + a.GetValue(row),
            Time32Array a => "t" + a.GetValue(row),
            Time64Array a => "t" + a.GetValue(row),
            TimestampArray a => "ts" + a.GetValue(row),
            Decimal128Array a => a.GetString(row),
            Apache.Arrow.Arrays.FixedSizeBinaryArray a => "x" + Convert.ToHexString(a.GetBytes(row)),
            BinaryArray a => "x" + Convert.ToHexString(a.GetBytes(row)),
            MapArray a => Items(a.KeyValues, a.ValueOffsets[row], a.ValueOffsets[row + 1], "{", "}"),
            ListArray a => Items(a.Values, a.ValueOffsets[row], a.ValueOffsets[row + 1], "[", "]"),
            StructArray a => "(" + string.Join(", ", a.Fields.Select(f => Value(f, row))) + ")",
            _ => throw new NotSupportedException(array.GetType().Name),
        };
    }

    private static string Items(IArrowArray values, int start, int end, string open, string close) =>
        open + string.Join(", ", Enumerable.Range(start, end - start).Select(i => Value(values, i))) + close;
}
