using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Reading;

/// <summary>The columns of a change feed (HoodieCDCUtils, CDCRelation): op is i, u or d; ts_ms the instant; before and after the row's data columns, null where there is none.</summary>
internal sealed class ChangeColumns
{
    public const string Operation = "op";
    public const string Time = "ts_ms";
    public const string Before = "before";
    public const string After = "after";
    public const string RecordKey = "record_key";
    public const string Inserted = "i";
    public const string Updated = "u";
    public const string Deleted = "d";

    private readonly RecordBatch nothing;

    public ChangeColumns(TableSchema table)
    {
        Row = new StructType([.. table.Arrow.FieldsList.Select(f => new Field(f.Name, f.DataType, true, f.Metadata))]);
        Output = new Schema([new Field(Operation, StringType.Default, false), new Field(Time, StringType.Default, false), new Field(Before, Row, true), new Field(After, Row, true)], null);
        Keyed = new Schema([new Field(Operation, StringType.Default, true), new Field(RecordKey, StringType.Default, true), new Field(Before, Row, true)], null);
        Data = new Schema(Row.Fields, null);
        Images = new Schema([.. MetaColumns.Names.Select(n => table.ArrowWithMeta.GetFieldByName(n)), .. Row.Fields], null);
        nothing = new RecordBatch(Data, Row.Fields.Select(f => Kernels.Nulls(f.DataType, 1)), 1);
    }

    /// <summary>The type of before and after.</summary>
    public StructType Row { get; }

    /// <summary>The data columns as <see cref="Row"/> has them.</summary>
    public Schema Data { get; }

    /// <summary>Meta columns and <see cref="Data"/>: what is read of a file slice.</summary>
    public Schema Images { get; }

    /// <summary>What CDC files hold that have no state after the change.</summary>
    public Schema Keyed { get; }

    /// <summary>The schema of the feed.</summary>
    public Schema Output { get; }

    /// <summary>Rows that are all new or all gone. Takes the batch, of <see cref="Images"/>, over.</summary>
    public RecordBatch Whole(RecordBatch rows, string operation, string instant)
    {
        var image = Image(rows);
        var none = Kernels.Nulls(Row, rows.Length);
        return Batch(Kernels.ConstantString(operation, rows.Length), instant, operation == Inserted ? none : image, operation == Inserted ? image : none);
    }

    public RecordBatch Batch(IArrowArray operations, string instant, IArrowArray before, IArrowArray after) =>
        new(Output, [operations, Kernels.ConstantString(instant, operations.Length), before, after], operations.Length);

    /// <summary>Rows gathered from several batches of <see cref="Images"/>; null where the source is negative.</summary>
    public IArrowArray Gather(IReadOnlyList<RecordBatch> batches, ReadOnlySpan<int> source, ReadOnlySpan<int> row)
    {
        var meta = Images.FieldsList.Count - Data.FieldsList.Count;
        List<RecordBatch> sources = [nothing, .. batches.Select(b => new RecordBatch(Data, b.Arrays.Skip(meta), b.Length))];
        var from = new int[source.Length];
        var validity = new ArrowBuffer.BitmapBuilder(source.Length);
        var nulls = 0;
        for (var i = 0; i < source.Length; i++)
        {
            from[i] = source[i] + 1;
            validity.Append(source[i] >= 0);
            nulls += source[i] < 0 ? 1 : 0;
        }

        var rows = Kernels.Interleave(sources, from, row);
        return new StructArray(Row, rows.Length, rows.Arrays, nulls == 0 ? ArrowBuffer.Empty : validity.Build(), nulls);
    }

    private StructArray Image(RecordBatch rows) => new(Row, rows.Length, rows.Arrays.Skip(Images.FieldsList.Count - Data.FieldsList.Count), ArrowBuffer.Empty, 0);
}
