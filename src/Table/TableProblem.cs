namespace OllaLab.Lakehouse;

/// <summary>Something that is not as it should be in a table (<see cref="LakehouseTable.ValidateAsync"/>).</summary>
public sealed class TableProblem
{
    /// <summary>What kind of problem it is.</summary>
    public required TableProblemKind Kind { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public required string Problem { get; init; }

    /// <summary>The file concerned, relative to the table's root; null: none.</summary>
    public string? Path { get; init; }

    /// <summary>The instant concerned; null: none.</summary>
    public string? Instant { get; init; }

    /// <summary>Whether <see cref="LakehouseTable.RepairAsync"/> puts it right without guessing.</summary>
    public bool IsRepairable { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Problem}{(Path is null ? string.Empty : $" ({Path})")}";
}
