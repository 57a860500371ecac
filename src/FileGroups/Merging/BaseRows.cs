using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Rows of a base file that its logs are merged with, in the order of their positions.</summary>
/// <param name="Keys">Record keys; null: <see cref="LogMergeContext.Positions"/> tell which record of the log is about which row.</param>
/// <param name="Rows"><see cref="LogMerge.BaseColumns"/>, by name, in the table's types.</param>
/// <param name="FirstPosition">Position of the first row in the file; the others follow it.</param>
internal sealed record BaseRows(StringArray? Keys, RecordBatch Rows, long FirstPosition)
{
    public int Length => Rows.Length;

    /// <summary>Where rows do not follow one another: their positions.</summary>
    public long[]? Positions { get; init; }

    public long Position(int row) => Positions is null ? FirstPosition + row : Positions[row];
}
