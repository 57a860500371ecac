using Apache.Arrow;

namespace OllaLab.Lakehouse;

/// <summary>What an <see cref="IRecordMerger"/> makes of pairs of rows.</summary>
/// <param name="Choices">One for each pair.</param>
/// <param name="Combined">Rows for the pairs that are <see cref="RecordMergeChoice.Combined"/>: as many rows as there are pairs, of the columns given; null where there are none.</param>
public sealed record RecordMergeResult(IReadOnlyList<RecordMergeChoice> Choices, RecordBatch? Combined = null);
