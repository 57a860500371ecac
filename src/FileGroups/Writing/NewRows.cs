using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Incoming rows as rows of a base file: what their meta columns hold.</summary>
internal static class NewRows
{
    private static readonly Field Seqno = new(MetaColumns.CommitSeqno, StringType.Default, true);
    private static readonly Field RecordKey = new(MetaColumns.RecordKey, StringType.Default, true);

    /// <summary>Meta columns that are one value in a row group of new rows only.</summary>
    private static Dictionary<string, string?> Constants(BaseFileContext context, BaseFileWriter file, bool areMerged)
    {
        var constants = new Dictionary<string, string?>(file.Constants);
        if (context.PopulateMetaFields)
        {
            constants[MetaColumns.PartitionPath] = file.PartitionPath;
            if (!areMerged)
            {
                constants[MetaColumns.CommitTime] = context.Instant;
            }
        }

        return constants;
    }

    /// <summary>Encodes a row group of new rows only.</summary>
    /// <param name="firstRow">Number of its first row within the file's task, for sequence numbers.</param>
    public static EncodedRowGroup Encode(BaseFileContext context, BaseFileWriter file, IReadOnlyList<IncomingRows> rows, long firstRow)
    {
        var batches = new RecordBatch[rows.Count];
        for (var i = 0; i < batches.Length; i++)
        {
            batches[i] = WithKeys(context, file, rows[i], firstRow);
            firstRow += rows[i].Length;
        }

        return file.EncodeRowGroup(batches, Constants(context, file, rows[0].AreMerged));
    }

    private static RecordBatch WithKeys(BaseFileContext context, BaseFileWriter file, IncomingRows rows, long firstRow)
    {
        if (rows.AreMerged || !context.PopulateMetaFields)
        {
            return rows.Data;
        }

        var fields = new List<Field> { Seqno, RecordKey };
        fields.AddRange(rows.Data.Schema.FieldsList);
        var columns = new List<IArrowArray> { SequenceNumbers.Create(context.Instant, file.Task, firstRow, rows.Length), rows.Keys };
        columns.AddRange(rows.Data.Arrays);
        return new RecordBatch(new Schema(fields, null), columns, rows.Length);
    }
}
