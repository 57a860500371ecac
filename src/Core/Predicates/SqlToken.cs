namespace OllaLab.Lakehouse.Filtering;

internal enum SqlTokenKind
{
    /// <summary>A name or a keyword.</summary>
    Word,

    /// <summary>A name in double quotes: never a keyword.</summary>
    QuotedName,
    Text,
    Number,

    /// <summary>Operators, parentheses and commas.</summary>
    Symbol,
    End,
}

/// <param name="Position">1 for the first character.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Value, int Position)
{
    public bool IsWord(string keyword) => Kind == SqlTokenKind.Word && Value.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == SqlTokenKind.Symbol && Value == symbol;
}
