namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>Reads a time by one of several Joda patterns: the first that takes the whole text decides.</summary>
/// <param name="patterns">From <see cref="JodaPattern.ForInput"/>.</param>
/// <param name="zone">The zone of texts that state none; null keeps a stated offset for the output.</param>
/// <param name="currentYear">Two-digit years lie within 80 years before and 20 after it.</param>
internal sealed class JodaParser(PatternToken[][] patterns, JavaTimeZone? zone, Func<int> currentYear)
{
    /// <summary>The time and the zone it is in; an error text where it cannot be read.</summary>
    public string? Parse(string text, out long utcMillis, out JavaTimeZone parsedZone)
    {
        utcMillis = 0;
        parsedZone = zone ?? JavaTimeZone.Utc;
        foreach (var pattern in patterns)
        {
            var fields = default(ParsedFields);
            if (!Match(pattern, text, ref fields))
            {
                continue;
            }

            string? problem = fields.ToLocalMillis(out long local);
            if (problem is not null)
            {
                return problem;
            }

            if (fields.Offset is { } offset)
            {
                utcMillis = local - offset;
                parsedZone = zone ?? JavaTimeZone.FromOffset(offset);
                return null;
            }

            if (parsedZone.ToUtc(local) is not { } utc)
            {
                return "clocks of the input time zone skip this local time";
            }

            utcMillis = utc;
            return null;
        }

        return "it does not match the input format";
    }

    private bool Match(PatternToken[] pattern, string text, ref ParsedFields fields)
    {
        int at = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            var token = pattern[i];
            bool numberFollows = i + 1 < pattern.Length && pattern[i + 1].IsNumeric;
            if (!Element(token, numberFollows, text, ref at, ref fields))
            {
                return false;
            }
        }

        return at == text.Length;
    }

    private bool Element(PatternToken token, bool numberFollows, string text, ref int at, ref ParsedFields fields)
    {
        switch (token.Letter)
        {
            case '\0':
                bool same = string.Compare(text, at, token.Literal, 0, token.Literal.Length, StringComparison.OrdinalIgnoreCase) == 0;
                at += token.Literal.Length;
                return same;
            case 'y' or 'Y':
                return Year(token, numberFollows, text, ref at, ref fields);
            case 'M' when token.Count >= 3:
                return Name(JodaFormatter.Months, text, ref at, out fields.Month);
            case 'E':
                return Name(JodaFormatter.Days, text, ref at, out _);
            case 'a':
                return Name(["AM", "PM"], text, ref at, out fields.HalfDay);
            case 'Z':
                return OffsetText.Read(text, ref at, out fields.Offset);
            case 'S':
                return fields.Fraction(token.Count, text, ref at);
            default:
                return Number(text, ref at, token.Letter == 'D' ? 3 : 2, out int value) && fields.Set(token.Letter, value);
        }
    }

    private bool Year(PatternToken token, bool numberFollows, string text, ref int at, ref ParsedFields fields)
    {
        int start = at;
        bool signed = at < text.Length && text[at] is '-' or '+';
        at += signed ? 1 : 0;
        int most = token.Count == 2 && numberFollows ? 2 : numberFollows ? token.Count : 9;
        if (!Number(text, ref at, most, out int value))
        {
            return false;
        }

        fields.HasYear = true;
        fields.Year = signed && text[start] == '-' ? -value : value;
        if (token.Count == 2 && at - start == 2 && !signed)
        {
            // Joda's pivot: 30 years ago, with 50 years to either side.
            int low = currentYear() - 30 - 50;
            fields.Year = low + (int)CivilTime.FloorMod(value - low, 100);
            return true;
        }

        return token.Count != 2 || !numberFollows;
    }

    private static bool Number(string text, ref int at, int most, out int value)
    {
        int start = at;
        value = 0;
        while (at < text.Length && at - start < most && char.IsAsciiDigit(text[at]))
        {
            value = (value * 10) + (text[at++] - '0');
        }

        return at > start;
    }

    private static bool Name(string[] names, string text, ref int at, out int number)
    {
        for (int i = 0; i < names.Length; i++)
        {
            foreach (int length in (ReadOnlySpan<int>)[names[i].Length, Math.Min(3, names[i].Length)])
            {
                if (string.Compare(text, at, names[i], 0, length, StringComparison.OrdinalIgnoreCase) == 0)
                {
                    at += length;
                    number = i + 1;
                    return true;
                }
            }
        }

        number = 0;
        return false;
    }
}
