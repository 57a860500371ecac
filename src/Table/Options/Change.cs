namespace OllaLab.Lakehouse;

/// <summary>What became of a row.</summary>
public enum ChangeKind
{
    /// <summary>It is new (<c>i</c>).</summary>
    Inserted,

    /// <summary>It has other values (<c>u</c>).</summary>
    Updated,

    /// <summary>It is gone (<c>d</c>).</summary>
    Deleted,
}

/// <summary>One change of one row, as a change feed gives it.</summary>
/// <typeparam name="T">The type of the rows, as for <see cref="LakehouseTable.ReadAsync{T}"/>.</typeparam>
/// <param name="Kind">What became of the row.</param>
/// <param name="Instant">Requested time of the commit that changed it, 17 digits.</param>
/// <param name="Before">The row before; default for an inserted one.</param>
/// <param name="After">The row after; default for a deleted one.</param>
public sealed record Change<T>(ChangeKind Kind, string Instant, T? Before, T? After);
