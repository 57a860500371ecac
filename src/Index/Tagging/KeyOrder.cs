namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// The order behind a footer's smallest and largest key is not recorded: Java's String (UTF-16 units) where Hudi's Avro path wrote the file, UTF-8 bytes where its row path did.
/// They differ only where a character above U+FFFF meets one from U+E000 to U+FFFF.
/// </summary>
internal static class KeyOrder
{
    /// <summary>Whether <paramref name="left"/> is at most <paramref name="right"/> in either order.</summary>
    public static bool MayBeAtMost(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int common = left.CommonPrefixLength(right);
        if (common == left.Length)
        {
            return true;
        }

        if (common == right.Length)
        {
            return false;
        }

        byte l = left[common];
        byte r = right[common];

        // Lead bytes EE and EF begin U+E000 to U+FFFF, F0 and above what lies beyond, which UTF-16 writes with surrogates, D800 to DFFF.
        return l <= r || (l >= 0xF0 && r is 0xEE or 0xEF);
    }
}
