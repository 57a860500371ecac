using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Makes one level (with slash-separated dates and time patterns: several) of a partition path from one field.</summary>
internal interface IPartitionSource
{
    string Field { get; }

    /// <summary>Fills <paramref name="codes"/> with each row's index into the distinct segments that it returns.</summary>
    string[] Encode(RecordBatch data, long firstRow, Span<int> codes);
}
