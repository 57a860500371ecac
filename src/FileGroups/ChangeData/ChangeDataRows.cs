using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Makes the rows of a change data log.</summary>
internal sealed class ChangeDataRows(ChangeDataSchema schema, string instant)
{
    /// <summary>New rows: nothing before.</summary>
    public RecordBatch Inserts(IncomingRows rows)
    {
        var all = Enumerable.Repeat(true, rows.Length).ToArray();
        return Make(Kernels.ConstantString("i", rows.Length), rows.Keys, Struct(Nulls(rows.Length), new bool[rows.Length]), schema.HasAfter ? Struct([.. rows.Data.Arrays], all) : null);
    }

    /// <summary>Rows that were replaced or deleted.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="stays">Per row: whether there is a row after.</param>
    /// <param name="before">The stored rows; null where the mode keeps none.</param>
    /// <param name="after">The rows that take their places, whatever where there is none; null where the mode keeps none.</param>
    public RecordBatch Changes(StringArray keys, bool[] stays, RecordBatch? before, RecordBatch? after)
    {
        var operations = new StringArray.Builder();
        foreach (var stay in stays)
        {
            operations.Append(stay ? "u" : "d");
        }

        var all = Enumerable.Repeat(true, keys.Length).ToArray();
        return Make(
            operations.Build(),
            keys,
            before is null ? null : Struct([.. before.Arrays], all),
            !schema.HasAfter ? null : Struct(after is null ? Nulls(keys.Length) : [.. after.Arrays], stays));
    }

    private RecordBatch Make(StringArray operations, StringArray keys, StructArray? before, StructArray? after)
    {
        var columns = new List<IArrowArray> { operations, schema.HasTime ? Kernels.ConstantString(instant, keys.Length) : keys };
        if (schema.HasBefore)
        {
            columns.Add(before!);
        }

        if (schema.HasAfter)
        {
            columns.Add(after!);
        }

        return new RecordBatch(schema.Arrow, columns, keys.Length);
    }

    private IArrowArray[] Nulls(int length) => [.. schema.Row.Fields.Select(f => Kernels.Nulls(f.DataType, length))];

    private StructArray Struct(IArrowArray[] columns, bool[] valid)
    {
        var bitmap = new ArrowBuffer.BitmapBuilder(valid.Length);
        bitmap.AppendRange(valid);
        return new StructArray(schema.Row, valid.Length, columns, bitmap.Build(), valid.Count(v => !v));
    }
}
