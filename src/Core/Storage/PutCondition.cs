namespace OllaLab.Lakehouse.Storage;

/// <summary>When a put may take place.</summary>
public readonly record struct PutCondition
{
    private PutCondition(bool ifAbsent, string? version)
    {
        MustBeAbsent = ifAbsent;
        Version = version;
    }

    /// <summary>Always: what is there is replaced.</summary>
    public static PutCondition None => default;

    /// <summary>Only when nothing is there (put-if-absent).</summary>
    public static PutCondition IfAbsent => new(true, null);

    /// <summary>Only when the object there has this version (compare-and-swap).</summary>
    public static PutCondition IfMatch(string version) => new(false, version);

    /// <summary>Whether nothing may be there.</summary>
    public bool MustBeAbsent { get; }

    /// <summary>The version that must be there, or null.</summary>
    public string? Version { get; }
}
