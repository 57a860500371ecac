namespace OllaLab.Lakehouse.Sql;

/// <summary>What an EXPLAIN explains: DuckDB gives no plan in JSON of an EXPLAIN itself.</summary>
internal static class ExplainPrefix
{
    /// <returns>The statement behind <c>EXPLAIN [ANALYZE] [(options)]</c>; null where the text is no EXPLAIN.</returns>
    public static string? Strip(string sql)
    {
        var at = SkipSpace(sql, 0);
        if (!Word(sql, ref at, "EXPLAIN"))
        {
            return null;
        }

        for (var more = true; more;)
        {
            more = Word(sql, ref at, "ANALYZE") || Word(sql, ref at, "VERBOSE") || Options(sql, ref at);
        }

        return sql[at..];
    }

    private static bool Word(string sql, ref int at, string word)
    {
        if (string.Compare(sql, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0
            || (at + word.Length < sql.Length && (char.IsLetterOrDigit(sql[at + word.Length]) || sql[at + word.Length] == '_')))
        {
            return false;
        }

        at = SkipSpace(sql, at + word.Length);
        return true;
    }

    // A statement may begin with a parenthesis too: (SELECT 1) UNION ...
    private static bool Options(string sql, ref int at)
    {
        var inside = at;
        if (at >= sql.Length || sql[at] != '(')
        {
            return false;
        }

        inside = SkipSpace(sql, at + 1);
        if (!Word(sql, ref inside, "FORMAT") && !Word(sql, ref inside, "ANALYZE"))
        {
            return false;
        }

        var end = sql.IndexOf(')', inside);
        if (end < 0)
        {
            return false;
        }

        at = SkipSpace(sql, end + 1);
        return true;
    }

    private static int SkipSpace(string sql, int at)
    {
        while (at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[at]))
            {
                at++;
            }
            else if (string.CompareOrdinal(sql, at, "--", 0, 2) == 0)
            {
                at = sql.IndexOf('\n', at) is >= 0 and var line ? line + 1 : sql.Length;
            }
            else if (string.CompareOrdinal(sql, at, "/*", 0, 2) == 0)
            {
                at = sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : sql.Length;
            }
            else
            {
                break;
            }
        }

        return at;
    }
}
