using System.Collections.Concurrent;
using System.Text;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Hudi's schemas as Java 1.0.2 to 1.2.0 write them, and the parsed schemas of files that were read.</summary>
internal static class AvroSchemas
{
    private const int CacheLimit = 64;

    private static readonly ConcurrentDictionary<string, Avro.Schema> Parsed = new();
    private static string[] recent = [];

    /// <summary>The header of a container with an embedded schema, e.g. "HoodieCommitMetadata".</summary>
    public static byte[] Header(string name) => AvroFile.MakeHeader(Read(name));

    /// <summary>The text of an embedded schema.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Read(name));

    private static byte[] Read(string name)
    {
        using var stream = typeof(AvroSchemas).Assembly.GetManifestResourceStream($"Hudi.{name}.avsc")
            ?? throw new InvalidOperationException($"The schema {name} is not embedded.");
        var schema = new byte[stream.Length];
        stream.ReadExactly(schema);
        return schema;
    }

    /// <summary>The schema's text; one string for files that share it, since a timeline repeats 3 kB in every file.</summary>
    public static string Intern(ReadOnlySpan<byte> utf8)
    {
        foreach (var text in recent)
        {
            if (text.Length == utf8.Length && Ascii.Equals(utf8, text))
            {
                return text;
            }
        }

        var added = Encoding.UTF8.GetString(utf8);
        var before = recent;
        recent = before.Length < 16 ? [added, .. before] : [added, .. before[..8]];
        return added;
    }

    /// <summary>The schema parsed; parsed once for each text.</summary>
    public static Avro.Schema Parse(string text)
    {
        if (Parsed.TryGetValue(text, out var schema))
        {
            return schema;
        }

        try
        {
            schema = Avro.Schema.Parse(text) ?? throw new FormatException("it is null");
        }
        catch (Exception e)
        {
            // The parser refuses by whatever exception it runs into: of arguments, casts, keys, null references.
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the schema of an Avro file cannot be parsed: " + e.Message, inner: e);
        }

        if (Parsed.Count >= CacheLimit)
        {
            Parsed.Clear();
        }

        return Parsed[text] = schema;
    }
}
