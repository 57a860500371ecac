namespace OllaLab.Lakehouse.Sql;

/// <summary>The text of UPDATE's SET, <c>column = expression, ...</c>, taken apart at the commas that stand in no brackets and no quotes.</summary>
internal static class SetClause
{
    /// <summary>Columns with the text of their expressions, which DuckDB is to read.</summary>
    /// <exception cref="LakehouseException">InvalidInput: a part that is no assignment, or a column set twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in Parts(text))
        {
            var (name, rest) = Name(part.Trim());
            if (name is null || !rest.StartsWith('=') || rest.Length == 1 || rest[1..].Trim() is not { Length: > 0 } expression)
            {
                throw Wrong($"'{part.Trim()}' is no assignment");
            }

            if (!set.TryAdd(name, expression))
            {
                throw Wrong($"the column '{name}' is set twice");
            }
        }

        return set;
    }

    private static IEnumerable<string> Parts(string text)
    {
        var (start, depth, quote) = (0, 0, '\0');
        for (int i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                // A doubled quote ends and begins again.
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (c is ')' or ']' or '}')
            {
                depth--;
            }
            else if (c == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        if (quote != '\0' || depth != 0)
        {
            throw Wrong("a quote or bracket is not closed");
        }

        yield return text[start..];
    }

    private static (string? Column, string Tail) Name(string part)
    {
        if (part.StartsWith('"'))
        {
            var end = part.IndexOf('"', 1);
            return end > 1 ? (part[1..end], part[(end + 1)..].TrimStart()) : (null, part);
        }

        var length = part.TakeWhile(c => char.IsLetterOrDigit(c) || c == '_').Count();
        return length > 0 ? (part[..length], part[length..].TrimStart()) : (null, part);
    }

    private static LakehouseException Wrong(string problem) =>
        new(LakehouseErrorKind.InvalidInput, "The assignments are not understood: " + problem, remedy: "Write them as in SQL: column = expression, column = expression");
}
