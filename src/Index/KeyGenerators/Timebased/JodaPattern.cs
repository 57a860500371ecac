using System.Text;

namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>One element of a pattern: a run of one letter, or literal text (Letter 0).</summary>
internal readonly record struct PatternToken(char Letter, int Count, string Literal)
{
    /// <summary>Letters that print digits: a year before one of them has a fixed width.</summary>
    public bool IsNumeric => Letter switch
    {
        'C' or 'Y' or 'y' or 'x' or 'd' or 'D' or 'F' or 'w' or 'W' or 'e' or 'H' or 'h' or 'K' or 'k' or 'm' or 's' or 'S' => true,
        'M' => Count <= 2,
        _ => false,
    };
}

/// <summary>Splits a pattern of Joda's DateTimeFormat into its elements; letters that are not understood are refused by name.</summary>
internal static class JodaPattern
{
    private const string Printed = "CyYxMdDweEaHhKkmsSGZ";
    private const string Parsed = "yYMdDaHhKkmsSEZ";

    public static PatternToken[] ForOutput(string pattern, string property) => Compile(pattern, Printed, property);

    public static PatternToken[] ForInput(string pattern, string property) => Compile(pattern, Parsed, property);

    private static PatternToken[] Compile(string pattern, string letters, string property)
    {
        if (pattern.Length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{property} is empty", remedy: "Give a pattern such as yyyy/MM/dd");
        }

        var tokens = new List<PatternToken>();
        var literal = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\'')
            {
                if (i + 1 < pattern.Length && pattern[i + 1] == '\'')
                {
                    literal.Append('\'');
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (quoted || !char.IsAsciiLetter(c))
            {
                literal.Append(c);
            }
            else
            {
                Flush(tokens, literal);
                int count = 1;
                while (i + 1 < pattern.Length && pattern[i + 1] == c)
                {
                    count++;
                    i++;
                }

                if (!letters.Contains(c) || (c == 'Z' && count > 2))
                {
                    throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The pattern letter '{new string(c, count)}' in {property} = '{pattern}' is not supported",
                        remedy: $"Use the letters {letters}");
                }

                tokens.Add(new PatternToken(c, count, string.Empty));
            }
        }

        Flush(tokens, literal);
        return [.. tokens];
    }

    private static void Flush(List<PatternToken> tokens, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            tokens.Add(new PatternToken('\0', 0, literal.ToString()));
            literal.Clear();
        }
    }
}
