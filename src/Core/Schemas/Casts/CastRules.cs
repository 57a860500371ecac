using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Who gave the values: a file of the table, whose type may be an earlier one of the same column, or the caller, whose values must arrive unchanged.</summary>
/// <param name="IsInput">True for the caller's batches: exact conversions, every value checked. False for files: Hudi's schema evolution.</param>
/// <param name="Path">The file, for errors; null for input.</param>
/// <param name="Renames">From a column's path in the wanted schema to its name in the file, null where the file does not have it: see <see cref="Evolution.ColumnNames"/>.</param>
internal sealed record CastRules(bool IsInput, string? Path = null, IReadOnlyDictionary<string, string?>? Renames = null)
{
    /// <summary>The name of a column in the file; null: the file does not have it.</summary>
    public string? SourceName(string path, string name) => Renames is not null && Renames.TryGetValue(path, out var source) ? source : name;

    public LakehouseException Mismatch(string column, IArrowType found, IArrowType wanted, string? remedy = null) => IsInput
        ? new(LakehouseErrorKind.InvalidInput, $"The column {column} has the type {ArrowTypes.Text(found)}, but the table has {ArrowTypes.Text(wanted)}", remedy: remedy ?? "Convert the column")
        : new(
            LakehouseErrorKind.Unsupported, $"The column {column} has the type {ArrowTypes.Text(found)} in the file, which cannot be read as the table's {ArrowTypes.Text(wanted)}", path: Path,
            remedy: remedy ?? "Change the table's schema back, or rewrite the file");

    /// <summary>Where the caller's rows are counted from; null: rows are counted within the batch, from 0.</summary>
    public RowCount? Rows { get; init; }

    /// <summary>Whether values are elements of lists, whose numbers are not those of rows.</summary>
    public bool InElements { get; init; }

    public LakehouseException Value(string column, int row, string problem) => new(
        IsInput ? LakehouseErrorKind.InvalidInput : LakehouseErrorKind.Corrupt, $"The column {column} {problem}{Place(row)}", path: Path, remedy: IsInput ? "Correct the value" : null);

    public LakehouseException Column(string column, string problem, string? remedy = null) => new(
        IsInput ? LakehouseErrorKind.InvalidInput : LakehouseErrorKind.Corrupt, $"The column {column} {problem}", path: Path, remedy: remedy);

    private string Place(int row) => InElements ? string.Empty : $" in row {(Rows is { } rows ? rows.Before + row + 1 : row)}";

    /// <summary>How many rows of the input came before the batch under way.</summary>
    internal sealed class RowCount
    {
        public long Before { get; set; }
    }
}
