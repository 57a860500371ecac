using System.Text;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Keys of a secondary index: the value escaped, '$', the record key escaped (SecondaryIndexKeyUtils). A null value is a single NUL.</summary>
internal static class SecondaryKeys
{
    private const char Separator = '$';
    private const char Escape = '\\';
    private const char Null = '\0';

    public static string Make(string? value, string recordKey) => Prefix(value) + Escaped(recordKey);

    /// <summary>What all keys of a value begin with; in version 2 of the index also what is hashed.</summary>
    public static string Prefix(string? value) => (value is null ? Null.ToString() : Escaped(value)) + Separator;

    /// <summary>The length of <see cref="Prefix"/> in a key.</summary>
    /// <exception cref="LakehouseException">Corrupt: the key has no separator.</exception>
    public static int PrefixLength(ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < key.Length; i++)
        {
            if (key[i] == Separator)
            {
                return i + 1;
            }

            i += key[i] == Escape ? 1 : 0;
        }

        throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The secondary index has the key '{Encoding.UTF8.GetString(key)}', which has no separator");
    }

    /// <summary>The length of <see cref="Prefix"/> in a key that was made here.</summary>
    public static int PrefixLength(string key)
    {
        int i = 0;
        for (; key[i] != Separator; i++)
        {
            i += key[i] == Escape ? 1 : 0;
        }

        return i + 1;
    }

    /// <summary>The value (null: a null) and the record key of a key.</summary>
    public static (string? Value, string RecordKey) Split(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        int length = PrefixLength(bytes);
        string value = Encoding.UTF8.GetString(bytes.AsSpan(0, length - 1));
        return (value.Length == 1 && value[0] == Null ? null : Unescaped(value), Unescaped(Encoding.UTF8.GetString(bytes.AsSpan(length))));
    }

    public static string Escaped(string text)
    {
        if (text.AsSpan().IndexOfAny(Escape, Separator, Null) < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            (c is Escape or Separator or Null ? escaped.Append(Escape) : escaped).Append(c);
        }

        return escaped.ToString();
    }

    private static string Unescaped(string text)
    {
        if (!text.Contains(Escape))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            i += text[i] == Escape && i + 1 < text.Length ? 1 : 0;
            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
