using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Config;

/// <summary>What a look at a properties file found.</summary>
internal enum ContentState
{
    /// <summary>No file.</summary>
    Absent,

    /// <summary>A file that is no properties text, or whose checksum is wrong.</summary>
    Broken,

    /// <summary>A file without a checksum.</summary>
    Unchecked,

    /// <summary>A file with a right checksum.</summary>
    Valid,
}

/// <summary>A properties file as found.</summary>
/// <param name="State">How good it is.</param>
/// <param name="Bytes">Its bytes; empty when absent.</param>
/// <param name="Properties">Its entries; null when absent or broken.</param>
/// <param name="Problem">What is wrong, to be read after "the file"; null when valid.</param>
internal sealed record PropertiesContent(ContentState State, ReadOnlyMemory<byte> Bytes, OrderedDictionary<string, string>? Properties, string? Problem)
{
    /// <summary>Reads a file; only a failing storage throws.</summary>
    public static async ValueTask<PropertiesContent> ReadAsync(IObjectStore store, string path, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = await store.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (LakehouseException error) when (error.Kind == LakehouseErrorKind.NotFound)
        {
            return new(ContentState.Absent, default, null, "is missing");
        }

        try
        {
            var properties = JavaProperties.Parse(bytes.Span);
            return TableChecksum.Holds(properties) switch
            {
                true => new(ContentState.Valid, bytes, properties, null),
                false => new(ContentState.Broken, bytes, null, "has a wrong checksum"),
                null => new(ContentState.Unchecked, bytes, properties, "has no checksum"),
            };
        }
        catch (FormatException error)
        {
            return new(ContentState.Broken, bytes, null, $"cannot be read ({error.Message})");
        }
    }
}
