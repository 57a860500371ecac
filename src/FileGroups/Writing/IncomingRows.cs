using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Rows for one file group, by position in its base file, new rows last.</summary>
/// <param name="Data">The table's data columns; of merged rows the meta columns too.</param>
/// <param name="Keys">Record keys.</param>
/// <param name="Positions">Ascending positions of the stored rows that they meet; <see cref="Insert"/> for a new row.</param>
internal sealed record IncomingRows(RecordBatch Data, StringArray Keys, long[] Positions)
{
    public const long Insert = long.MaxValue;

    /// <summary>Whether the rows have been merged with the stored ones and keep the commit times that they have: what logs make of a base file. Else the merge rule decides, and rows get this write's commit time.</summary>
    public bool AreMerged { get; private init; }

    /// <summary>Which stored rows go, whatever the merge rule says; null: none.</summary>
    public bool[]? Deleted { get; init; }

    public int Length => Keys.Length;

    /// <summary>What the logs of a slice change.</summary>
    /// <param name="changes">Rows of all meta and data columns.</param>
    public static IncomingRows Merged(ChangedRows changes) => new(changes.Rows, changes.Keys, changes.Positions) { AreMerged = true, Deleted = changes.Deleted };

    /// <summary>Rows as they are stored, which keep their commit times in a new file group.</summary>
    /// <param name="rows">All meta and data columns.</param>
    /// <param name="keys">Their record keys.</param>
    public static IncomingRows Stored(RecordBatch rows, StringArray keys) => new(rows, keys, []) { AreMerged = true };

    /// <summary>What incoming rows and the stored rows that they meet have been made together: rows of this write.</summary>
    public static IncomingRows Filled(RecordBatch data, StringArray keys, long[] positions, bool[] deleted) => new(data, keys, positions) { Deleted = deleted.AsSpan().Contains(true) ? deleted : null };

    public IncomingRows Slice(int at, int length) => at == 0 && length == Length
        ? this
        : new IncomingRows(Data.Slice(at, length), (StringArray)Keys.Slice(at, length), Positions.Length == 0 ? [] : Positions[at..(at + length)])
        {
            AreMerged = AreMerged,
            Deleted = Deleted?[at..(at + length)],
        };
}
