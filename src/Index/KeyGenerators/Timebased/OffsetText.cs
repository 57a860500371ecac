namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>Reads a stated offset: Z, +hh, +hhmm, +hh:mm, with seconds likewise.</summary>
internal static class OffsetText
{
    public static bool Read(string text, ref int at, out long? offset)
    {
        offset = null;
        if (at >= text.Length)
        {
            return false;
        }

        if (text[at] is 'Z' or 'z')
        {
            at++;
            offset = 0;
            return true;
        }

        if (text[at] is not ('+' or '-'))
        {
            return false;
        }

        bool negative = text[at++] == '-';
        if (!Two(text, ref at, 23, out int hours))
        {
            return false;
        }

        int minutes = 0;
        int seconds = 0;
        if (Next(text, ref at, out bool colon))
        {
            if (!Two(text, ref at, 59, out minutes))
            {
                return false;
            }

            if (Next(text, ref at, out bool second) && (second != colon || !Two(text, ref at, 59, out seconds)))
            {
                return false;
            }
        }

        long millis = ((((hours * 60L) + minutes) * 60) + seconds) * 1000;
        offset = negative ? -millis : millis;
        return true;
    }

    private static bool Next(string text, ref int at, out bool colon)
    {
        colon = at < text.Length && text[at] == ':';
        at += colon ? 1 : 0;
        return colon || (at < text.Length && char.IsAsciiDigit(text[at]));
    }

    private static bool Two(string text, ref int at, int most, out int value)
    {
        value = 0;
        if (at + 2 > text.Length || !char.IsAsciiDigit(text[at]) || !char.IsAsciiDigit(text[at + 1]))
        {
            return false;
        }

        value = ((text[at] - '0') * 10) + (text[at + 1] - '0');
        at += 2;
        return value <= most;
    }
}
