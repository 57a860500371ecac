namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>One record of a log or a base file, as plainly as can be.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Ts">Ordering value; null: none.</param>
/// <param name="A">A text column.</param>
/// <param name="B">A number column.</param>
internal sealed record LogRow(string Key, long? Ts, string? A = null, long? B = null)
{
    public bool Deleted { get; init; }

    /// <summary>Whether it came in a delete block.</summary>
    public bool FromDeleteBlock { get; init; }

    /// <summary>The columns that its block has; null: all.</summary>
    public string[]? Present { get; init; }

    public bool IsCommitTimeDelete => Deleted && Ts is null;

    public bool Has(string column) => Present is null || Present.Contains(column);

    /// <summary>Its values alone.</summary>
    public LogRow Plain => new(Key, Ts, A, B);
}
