namespace OllaLab.Lakehouse.Indexing;

/// <summary>Java's hash codes, which Hudi's layouts depend on: 32 bits, overflowing.</summary>
internal static class JavaHash
{
    /// <summary>java.lang.String.hashCode: over UTF-16 units.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        int hash = 0;
        foreach (char c in text)
        {
            hash = (31 * hash) + c;
        }

        return hash;
    }

    /// <summary>java.util.List.hashCode of strings; a null element counts as 0.</summary>
    public static int OfList(IEnumerable<string?> texts)
    {
        int hash = 1;
        foreach (string? text in texts)
        {
            hash = (31 * hash) + (text is null ? 0 : Of(text));
        }

        return hash;
    }
}
