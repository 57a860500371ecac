using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Rows for one file group, by position in its base file, new rows last.</summary>
/// <param name="Data">The table's data columns.</param>
/// <param name="Keys">Record keys.</param>
/// <param name="Positions">Ascending positions of the stored rows that they meet; <see cref="Insert"/> for a new row.</param>
internal sealed record IncomingRows(RecordBatch Data, StringArray Keys, long[] Positions)
{
    public const long Insert = long.MaxValue;

    public int Length => Keys.Length;
}
