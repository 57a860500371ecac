using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Staged batches as record batches of a spill file: the data columns, then key, partition, order and what goes.</summary>
internal static class StagedBatchSpill
{
    private static readonly Field[] Extra =
    [
        new("__key", StringType.Default, nullable: false),
        new("__partition", Int32Type.Default, nullable: false),
        new("__order", Int64Type.Default, nullable: true),
        new("__gone", BooleanType.Default, nullable: true),
    ];

    public static RecordBatch Pack(StagedBatch staged)
    {
        var fields = staged.Data.Schema.FieldsList.Concat(Extra);
        var partitions = new Int32Array(new ArrowBuffer(ToBytes<int>(staged.Partitions)), ArrowBuffer.Empty, staged.Length, 0, 0);
        var order = new Int64Array(new ArrowBuffer(ToBytes<long>(staged.Order.Length == 0 ? new long[staged.Length] : staged.Order)), ArrowBuffer.Empty, staged.Length, 0, 0);
        return new RecordBatch(new Schema(fields, null), staged.Data.Arrays.Concat([staged.Keys, partitions, order, Gone(staged)]), staged.Length);
    }

    public static StagedBatch Unpack(RecordBatch batch, Schema dataSchema)
    {
        var columns = dataSchema.FieldsList.Count;
        var data = new RecordBatch(dataSchema, batch.Arrays.Take(columns), batch.Length);
        return new StagedBatch(
            data,
            (StringArray)batch.Column(columns),
            ((Int32Array)batch.Column(columns + 1)).Values.ToArray(),
            ((Int64Array)batch.Column(columns + 2)).Values.ToArray())
        {
            Gone = batch.Column(columns + 3) is BooleanArray gone && gone.NullCount == 0 ? [.. gone.Select(g => g == true)] : null,
        };
    }

    // All null where nothing goes.
    private static IArrowArray Gone(StagedBatch staged) =>
        staged.Gone is { } gone ? new BooleanArray.Builder().AppendRange(gone).Build() : Kernels.Nulls(BooleanType.Default, staged.Length);

    private static byte[] ToBytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray();
}
