namespace OllaLab.Lakehouse.Bench;

/// <summary>One row of the comparison: an item of ours, and those that it is held against.</summary>
/// <param name="Name">What --only asks for it by.</param>
/// <param name="Title">{0}: the rows, {1}: the threads, {2}: the files.</param>
/// <param name="Ours">The item.</param>
/// <param name="Theirs">The others.</param>
internal sealed record Row(string Name, string Title, string Ours, Theirs[] Theirs)
{
    /// <summary>What --only asks for it and its like by.</summary>
    public string Group { get; init; } = "table";

    /// <summary>Makes the data; null: it needs none of the data of all.</summary>
    public string[] Preparations { get; init; } = [Row.Trips];

    /// <summary>Run once, not in rounds.</summary>
    public bool Once { get; init; }

    /// <summary>Its second figure is what it is held against.</summary>
    public bool Durable { get; init; }

    /// <summary>Of its figures, where it is not about times.</summary>
    public string? Unit { get; init; }

    /// <summary>It needs an S3 server.</summary>
    public bool OnS3 { get; init; }

    public const string Trips = "prepare";
    public const string Indexes = "prepare-indexes";
    public const string Files = "prepare-files";

    /// <summary>Whether it is asked for.</summary>
    public bool Is(string wanted) => Group == wanted || Name.StartsWith(wanted, StringComparison.Ordinal);
}

/// <summary>What a row is held against.</summary>
internal sealed record Theirs(string Item, string Title, string Goal = "");
