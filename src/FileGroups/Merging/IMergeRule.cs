using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What becomes of a stored row that an incoming row with its key meets.</summary>
internal enum MergeVerdict : byte
{
    KeepStored,
    Replace,
    Delete,
}

/// <summary>Decides between rows of one key (RecordMergeMode).</summary>
internal interface IMergeRule
{
    /// <summary>Data columns that it reads of stored rows.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Whether any of these incoming rows may remove a stored one.</summary>
    bool MayDelete(RecordBatch incoming);

    /// <summary>Decides pair by pair: stored row i against incoming row i.</summary>
    void Decide(RecordBatch stored, ReadOnlySpan<int> storedRows, RecordBatch incoming, ReadOnlySpan<int> incomingRows, Span<MergeVerdict> verdicts);
}
