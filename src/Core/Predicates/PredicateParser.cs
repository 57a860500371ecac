using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Reads conditions written in SQL: the part of SQL that predicates can say.</summary>
internal sealed class PredicateParser
{
    // Deeper nesting than anyone writes would exhaust the stack.
    private const int MaxDepth = 200;

    private readonly string _sql;
    private readonly List<SqlToken> _tokens;
    private int _at;
    private int _depth;

    private PredicateParser(string sql)
    {
        _sql = sql;
        _tokens = SqlTokenizer.Read(sql);
    }

    private SqlToken Current => _tokens[_at];

    public static Predicate Parse(string sql)
    {
        var parser = new PredicateParser(sql);
        var predicate = parser.Or();
        return parser.Current.Kind == SqlTokenKind.End ? predicate : throw parser.Unexpected("AND, OR or the end");
    }

    private Predicate Or()
    {
        if (++_depth > MaxDepth)
        {
            throw SqlTokenizer.Error(_sql, Current.Position, "it is nested too deeply");
        }

        var left = And();
        while (TakeWord("OR"))
        {
            left |= And();
        }

        _depth--;
        return left;
    }

    private Predicate And()
    {
        var left = Negation();
        while (TakeWord("AND"))
        {
            left &= Negation();
        }

        return left;
    }

    private Predicate Negation()
    {
        var negated = false;
        while (TakeWord("NOT"))
        {
            negated = !negated;
        }

        var condition = Primary();
        return negated ? !condition : condition;
    }

    private Predicate Primary()
    {
        if (TakeSymbol("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (Current.IsWord("starts_with") && _tokens[_at + 1].IsSymbol("("))
        {
            _at += 2;
            var tested = Column();
            Expect(",");
            var prefix = Text();
            Expect(")");
            return tested.StartsWith(prefix);
        }

        if (IsLiteral())
        {
            var literal = Literal();
            if (literal.Value is bool constant && Operator(peek: true) is null)
            {
                return new ConstantPredicate(constant);
            }

            var swapped = Operator() ?? throw Unexpected("a comparison");
            return new ComparisonPredicate(Column().Name, Swap(swapped), literal);
        }

        var column = Column();
        if (Operator() is { } comparison)
        {
            return new ComparisonPredicate(column.Name, comparison, Literal());
        }

        if (TakeWord("IS"))
        {
            var present = TakeWord("NOT");
            return !TakeWord("NULL") ? throw Unexpected("NULL") : present ? column.IsNotNull() : column.IsNull();
        }

        var not = TakeWord("NOT");
        var condition = TakeWord("IN") ? column.In([.. List()])
            : TakeWord("BETWEEN") ? Between(column)
            : TakeWord("LIKE") ? Like(column)
            : not ? throw Unexpected("IN, BETWEEN or LIKE") : column == true;
        return not ? !condition : condition;
    }

    private Predicate Between(ColumnReference column)
    {
        var low = Literal();
        return TakeWord("AND") ? column.Between(low, Literal()) : throw Unexpected("AND");
    }

    private Predicate Like(ColumnReference column)
    {
        var at = Current.Position;
        var pattern = Text();
        var wildcard = pattern.AsSpan().IndexOfAny('%', '_');
        return wildcard < 0 ? column == pattern
            : wildcard == pattern.Length - 1 && pattern[^1] == '%' ? column.StartsWith(pattern[..^1])
            : throw SqlTokenizer.Error(_sql, at, "of LIKE only a prefix is understood ('abc%')");
    }

    private List<Literal> List()
    {
        Expect("(");
        var values = new List<Literal> { Literal() };
        while (TakeSymbol(","))
        {
            values.Add(Literal());
        }

        Expect(")");
        return values;
    }

    private ColumnReference Column()
    {
        var name = new StringBuilder();
        do
        {
            if (Current.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
            {
                throw Unexpected("a column");
            }

            name.Append(name.Length > 0 ? "." : string.Empty).Append(Current.Value);
            _at++;
        }
        while (TakeSymbol("."));
        return Predicates.Column(name.Length > 0 ? name.ToString() : throw Unexpected("a column"));
    }

    private bool IsLiteral() => Current.Kind is SqlTokenKind.Text or SqlTokenKind.Number || Current.IsSymbol("-") || Current.IsSymbol("+") || Current.IsWord("TRUE") || Current.IsWord("FALSE")
        || (_tokens[Math.Min(_at + 1, _tokens.Count - 1)].Kind == SqlTokenKind.Text && IsTyped());

    private bool IsTyped() => Current.IsWord("DATE") || Current.IsWord("TIME") || Current.IsWord("TIMESTAMP") || Current.IsWord("TIMESTAMPTZ");

    private Literal Literal()
    {
        var token = Current;
        if (!IsLiteral())
        {
            throw token.IsWord("NULL") ? SqlTokenizer.Error(_sql, token.Position, "a comparison with NULL is never true; use IS NULL") : Unexpected("a number, a text in single quotes, TRUE, FALSE, DATE '...' or TIMESTAMP '...'");
        }

        _at++;
        switch (token.Kind)
        {
            case SqlTokenKind.Text: return token.Value;
            case SqlTokenKind.Number: return Number(token, negative: false);
            case SqlTokenKind.Symbol when Current.Kind == SqlTokenKind.Number: return Number(_tokens[_at++], token.Value == "-");
            case SqlTokenKind.Symbol: throw Unexpected("a number");
        }

        if (token.IsWord("TRUE") || token.IsWord("FALSE"))
        {
            return token.IsWord("TRUE");
        }

        var text = _tokens[_at++].Value;
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (token.IsWord("DATE") && TemporalText.TryParseDate(utf8, out var days) && days is > -719_162 and < 2_932_897)
        {
            return new DateOnly(1970, 1, 1).AddDays((int)days);
        }

        if (token.IsWord("TIME") && TemporalText.TryParseTime(utf8, out var nanos))
        {
            return new TimeSpan(nanos / 100);
        }

        if (!token.IsWord("DATE") && !token.IsWord("TIME") && TemporalText.TryParseTimestamp(utf8, out var seconds, out var fraction, out _) && Math.Abs(seconds) < 60_000_000_000)
        {
            return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (fraction / 100));
        }

        throw SqlTokenizer.Error(_sql, token.Position, $"'{text}' is no {token.Value.ToLowerInvariant()}");
    }

    private Literal Number(SqlToken token, bool negative)
    {
        var text = negative ? "-" + token.Value : token.Value;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact))
        {
            return exact;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? real
            : throw SqlTokenizer.Error(_sql, token.Position, $"{text} is no number");
    }

    private string Text()
    {
        if (Current.Kind != SqlTokenKind.Text)
        {
            throw Unexpected("a text in single quotes");
        }

        return _tokens[_at++].Value;
    }

    private ComparisonOperator? Operator(bool peek = false)
    {
        ComparisonOperator? found = Current.Kind != SqlTokenKind.Symbol ? null : Current.Value switch
        {
            "=" or "==" => ComparisonOperator.Equal,
            "<>" or "!=" => ComparisonOperator.NotEqual,
            "<" => ComparisonOperator.Less,
            "<=" => ComparisonOperator.LessOrEqual,
            ">" => ComparisonOperator.Greater,
            ">=" => ComparisonOperator.GreaterOrEqual,
            _ => null,
        };
        _at += found is null || peek ? 0 : 1;
        return found;
    }

    private static ComparisonOperator Swap(ComparisonOperator o) => o switch
    {
        ComparisonOperator.Less => ComparisonOperator.Greater,
        ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.Greater => ComparisonOperator.Less,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
        _ => o,
    };

    private bool TakeWord(string keyword)
    {
        var found = Current.IsWord(keyword);
        _at += found ? 1 : 0;
        return found;
    }

    private bool TakeSymbol(string symbol)
    {
        var found = Current.IsSymbol(symbol);
        _at += found ? 1 : 0;
        return found;
    }

    private void Expect(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            throw Unexpected(symbol);
        }
    }

    private LakehouseException Unexpected(string wanted) =>
        SqlTokenizer.Error(_sql, Current.Position, Current.Kind == SqlTokenKind.End ? $"it ends where {wanted} should follow" : $"expected {wanted}, found {Current.Value}");
}
