using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Keys of one batch's rows.</summary>
/// <param name="RecordKeys">One for each row, never null or empty. May be the batch's own column: do not use it after the batch is disposed.</param>
/// <param name="PartitionPaths">The distinct paths of this batch in order of first appearance; "" in a table without partitions.</param>
/// <param name="PartitionCodes">For each row, which of <paramref name="PartitionPaths"/>.</param>
internal sealed record GeneratedKeys(StringArray RecordKeys, string[] PartitionPaths, int[] PartitionCodes);
