using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Incoming rows as rows of a log: with their meta columns, where the file's name is only the file group's id (HoodieAppendHandle.populateMetadataFields).</summary>
internal static class LogRows
{
    /// <param name="context">The write.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="partitionPath">Their partition.</param>
    /// <param name="fileId">Their file group.</param>
    /// <param name="task">The task in their sequence numbers.</param>
    /// <param name="first">The running number of the first of them.</param>
    public static RecordBatch WithMeta(BaseFileContext context, IncomingRows rows, string partitionPath, string fileId, int task, long first)
    {
        var count = rows.Length;
        IEnumerable<IArrowArray> meta = context.PopulateMetaFields
            ?
            [
                Kernels.ConstantString(context.Instant, count),
                SequenceNumbers.Create(context.Instant, task, first, count),
                rows.Keys,
                Kernels.ConstantString(partitionPath, count),
                Kernels.ConstantString(fileId, count),
            ]
            : Enumerable.Repeat(Kernels.Nulls(StringType.Default, count), MetaColumns.Names.Length);
        return new RecordBatch(context.Schema.ArrowWithMeta, meta.Concat(rows.Data.Arrays), count);
    }
}
