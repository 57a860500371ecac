using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Incoming rows as columns of a base file, meta columns included.</summary>
/// <param name="rows">The rows.</param>
/// <param name="instant">Requested time of the write.</param>
/// <param name="task">The file's task.</param>
/// <param name="firstNumber">Number of the first row within the task, for sequence numbers.</param>
internal sealed class IncomingColumns(IncomingRows rows, string instant, int task, long firstNumber)
{
    public IncomingRows Rows => rows;

    public int Length => rows.Length;

    public IArrowArray Column(string name) => name switch
    {
        MetaColumns.CommitTime when !rows.AreMerged => Kernels.ConstantString(instant, rows.Length),
        MetaColumns.CommitSeqno when !rows.AreMerged => SequenceNumbers.Create(instant, task, firstNumber, rows.Length),
        MetaColumns.RecordKey => rows.Keys,
        _ => rows.Data.Column(name),
    };
}
