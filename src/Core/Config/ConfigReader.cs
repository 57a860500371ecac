namespace OllaLab.Lakehouse.Config;

/// <summary>Typed look-ups in properties, as lenient as Java's and no more. An empty value counts as missing.</summary>
internal sealed class ConfigReader(IReadOnlyDictionary<string, string> properties, string root)
{
    /// <summary>The table's root, for messages.</summary>
    public string Root => root;

    public string? Text(string key) => properties.TryGetValue(key, out var value) && value.AsSpan().Trim() is { Length: > 0 } text ? text.ToString() : null;

    /// <summary>java.lang.Boolean.parseBoolean: true is "true" in any case, all else is false.</summary>
    public bool Flag(string key, bool missing) => Text(key) is { } text ? text.Equals("true", StringComparison.OrdinalIgnoreCase) : missing;

    public string[] List(string key) => Text(key)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>One of a closed set of names; another is refused.</summary>
    public T Choice<T>(string key, string missing, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var text = Text(key) ?? missing;
        foreach (var (name, value) in choices)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw NotUnderstood(key);
    }

    /// <summary>The properties under a prefix (or its older form), renamed to another.</summary>
    public IReadOnlyDictionary<string, string> Under(string prefix, string renamed, string? olderPrefix = null)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in properties)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                found[renamed + key[prefix.Length..]] = value;
            }
            else if (olderPrefix is not null && key.StartsWith(olderPrefix, StringComparison.Ordinal))
            {
                found.TryAdd(renamed + key[olderPrefix.Length..], value);
            }
        }

        return found;
    }

    /// <summary>A folder below another; one that would leave it is refused.</summary>
    public string Below(string folder, string name, string key)
    {
        var path = name.Trim('/');
        if (path.Length == 0 || path.Split('/').Any(static segment => segment is "" or "." or ".."))
        {
            throw NotUnderstood(key);
        }

        return $"{folder}/{path}";
    }

    /// <summary>Refuses another value than the one understood.</summary>
    public void RequireEither(string key, string olderKey, string understood)
    {
        var (used, value) = Text(key) is { } text ? (key, text) : (olderKey, Text(olderKey));
        if (value is not null && !value.Equals(understood, StringComparison.OrdinalIgnoreCase))
        {
            throw NotUnderstood(used);
        }
    }

    public LakehouseException NotUnderstood(string key) => new(
        LakehouseErrorKind.Unsupported,
        $"{key}={properties.GetValueOrDefault(key)} is not understood by this engine",
        root,
        TableConfig.Path,
        remedy: "Read the table with Apache Hudi, or rewrite it without this setting");
}
