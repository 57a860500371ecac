using System.Text;

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

    /// <summary>The hash code of the text that UTF-8 bytes stand for; what is no UTF-8 counts as U+FFFD.</summary>
    public static int OfUtf8(ReadOnlySpan<byte> text)
    {
        int hash = 0;
        Span<char> units = stackalloc char[2];
        while (!text.IsEmpty)
        {
            if (text[0] < 0x80)
            {
                hash = (31 * hash) + text[0];
                text = text[1..];
                continue;
            }

            Rune.DecodeFromUtf8(text, out var rune, out int length);
            foreach (char c in units[..rune.EncodeToUtf16(units)])
            {
                hash = (31 * hash) + c;
            }

            text = text[length..];
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
