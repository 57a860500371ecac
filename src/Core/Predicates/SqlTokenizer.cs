using System.Text;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Cuts a SQL condition into tokens.</summary>
internal static class SqlTokenizer
{
    private static readonly string[] Symbols = ["<>", "!=", "<=", ">=", "==", "=", "<", ">", "(", ")", ",", ".", "-", "+"];

    public static List<SqlToken> Read(string sql)
    {
        var tokens = new List<SqlToken>();
        for (int i = 0; i < sql.Length;)
        {
            var start = i;
            var c = sql[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '\'' or '"' or '`')
            {
                var value = Quoted(sql, ref i);
                tokens.Add(new(c == '\'' ? SqlTokenKind.Text : SqlTokenKind.QuotedName, value, start + 1));
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && i + 1 < sql.Length && char.IsAsciiDigit(sql[i + 1])))
            {
                while (i < sql.Length && (char.IsAsciiLetterOrDigit(sql[i]) || sql[i] == '.' || (sql[i] is '-' or '+' && sql[i - 1] is 'e' or 'E')))
                {
                    i++;
                }

                tokens.Add(new(SqlTokenKind.Number, sql[start..i], start + 1));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                while (i < sql.Length && (char.IsLetterOrDigit(sql[i]) || sql[i] is '_' or '$'))
                {
                    i++;
                }

                tokens.Add(new(SqlTokenKind.Word, sql[start..i], start + 1));
            }
            else
            {
                var symbol = System.Array.Find(Symbols, s => string.CompareOrdinal(sql, start, s, 0, s.Length) == 0) ?? throw Error(sql, start + 1, $"the character '{c}' is not understood");
                tokens.Add(new(SqlTokenKind.Symbol, symbol, start + 1));
                i += symbol.Length;
            }
        }

        tokens.Add(new(SqlTokenKind.End, string.Empty, sql.Length + 1));
        return tokens;
    }

    public static LakehouseException Error(string sql, int position, string problem) => new(
        LakehouseErrorKind.InvalidInput, $"The condition {sql} is not understood at character {position}: {problem}",
        remedy: "Conditions are made of column names, literals, =, <>, <, <=, >, >=, IN, BETWEEN, IS NULL, LIKE 'prefix%', AND, OR, NOT and parentheses; for more use SQL");

    private static string Quoted(string sql, ref int i)
    {
        var (quote, start) = (sql[i++], i);
        var text = new StringBuilder();
        for (; i < sql.Length; i++)
        {
            if (sql[i] != quote)
            {
                text.Append(sql[i]);
            }
            else if (i + 1 < sql.Length && sql[i + 1] == quote)
            {
                text.Append(quote);
                i++;
            }
            else
            {
                i++;
                return text.ToString();
            }
        }

        throw Error(sql, start, "the quote is not closed");
    }
}
