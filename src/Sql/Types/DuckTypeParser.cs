namespace OllaLab.Lakehouse.Sql;

/// <summary>Reads types as DESCRIBE writes them: <c>STRUCT(a INTEGER, "b c" VARCHAR)[]</c>, <c>MAP(VARCHAR, DECIMAL(12,2))</c>. What it does not know is a scalar of that name.</summary>
internal ref struct DuckTypeParser
{
    private readonly ReadOnlySpan<char> text;
    private int at;

    private DuckTypeParser(ReadOnlySpan<char> text) => this.text = text;

    public static DuckType Parse(string text) => new DuckTypeParser(text).ParseType();

    private DuckType ParseType()
    {
        DuckType type;
        if (Take("STRUCT("))
        {
            var fields = new List<DuckField>();
            do
            {
                SkipSpaces();
                var name = ParseName();
                SkipSpaces();
                fields.Add(new DuckField(name, ParseType()));
            }
            while (Take(","));

            Take(")");
            type = DuckType.Struct(fields);
        }
        else if (Take("MAP("))
        {
            var key = ParseType();
            Take(",");
            SkipSpaces();
            type = DuckType.Map(key, ParseType());
            Take(")");
        }
        else
        {
            type = DuckType.Scalar(ParseScalar());
        }

        while (Take("[]"))
        {
            type = DuckType.List(type);
        }

        return type;
    }

    private string ParseName()
    {
        if (at >= text.Length || text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] is not (' ' or ',' or ')'))
            {
                at++;
            }

            return text[start..at].ToString();
        }

        var name = new System.Text.StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                if (at >= text.Length || text[at] != '"')
                {
                    break;
                }
            }

            name.Append(text[at]);
        }

        return name.ToString();
    }

    // Up to the comma, parenthesis or [] that ends it, with what it holds in parentheses.
    private string ParseScalar()
    {
        var start = at;
        var depth = 0;
        var quoted = false;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            quoted ^= c == '\'';
            if (quoted)
            {
                continue;
            }

            if (depth == 0 && (c is ',' or ')' || text[at..].StartsWith("[]")))
            {
                break;
            }

            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }

        return text[start..at].ToString();
    }

    private bool Take(string expected)
    {
        if (!text[at..].StartsWith(expected))
        {
            return false;
        }

        at += expected.Length;
        return true;
    }

    private void SkipSpaces()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }
}
