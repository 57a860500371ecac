using System.ComponentModel;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse;

/// <summary>A column in a condition: compare it with values, or ask for nulls, prefixes and membership.</summary>
/// <remarks>
/// Values must suit the column: numbers any number column (compared exactly), text text columns and, as ISO-8601, dates and timestamps, <see cref="DateTimeOffset"/> and
/// <see cref="DateTime"/> timestamps (an unspecified kind is taken as UTC), <see cref="DateOnly"/> dates and timestamps, <see cref="TimeSpan"/> and <see cref="TimeOnly"/> times,
/// <see cref="Guid"/> text and 16-byte binary, bytes binary.
/// </remarks>
public sealed class ColumnReference
{
    internal ColumnReference(string name) => Name = name;

    /// <summary>The name as given.</summary>
    public string Name { get; }

    /// <summary>Equal to a value. For nulls ask <see cref="IsNull"/>.</summary>
    public static Predicate operator ==(ColumnReference column, Literal value) => new ComparisonPredicate(column.Name, ComparisonOperator.Equal, value);

    /// <summary>Different from a value. Rows with a null are not selected.</summary>
    public static Predicate operator !=(ColumnReference column, Literal value) => new ComparisonPredicate(column.Name, ComparisonOperator.NotEqual, value);

    /// <summary>Less than a value.</summary>
    public static Predicate operator <(ColumnReference column, Literal value) => new ComparisonPredicate(column.Name, ComparisonOperator.Less, value);

    /// <summary>Greater than a value.</summary>
    public static Predicate operator >(ColumnReference column, Literal value) => new ComparisonPredicate(column.Name, ComparisonOperator.Greater, value);

    /// <summary>Less than or equal to a value.</summary>
    public static Predicate operator <=(ColumnReference column, Literal value) => new ComparisonPredicate(column.Name, ComparisonOperator.LessOrEqual, value);

    /// <summary>Greater than or equal to a value.</summary>
    public static Predicate operator >=(ColumnReference column, Literal value) => new ComparisonPredicate(column.Name, ComparisonOperator.GreaterOrEqual, value);

    /// <summary>The column has no value.</summary>
    public Predicate IsNull() => new NullPredicate(Name, isNull: true);

    /// <summary>The column has a value.</summary>
    public Predicate IsNotNull() => new NullPredicate(Name, isNull: false);

    /// <summary>At least <paramref name="low"/> and at most <paramref name="high"/>, both included.</summary>
    public Predicate Between(Literal low, Literal high) => (this >= low) & (this <= high);

    /// <summary>Equal to one of the values. No values: false for every row that is not null.</summary>
    public Predicate In(params Literal[] values) => new InPredicate(Name, [.. values]);

    /// <summary>Equal to one of the texts.</summary>
    public Predicate In(IEnumerable<string> values) => new InPredicate(Name, [.. values.Select(v => (Literal)v)]);

    /// <summary>Equal to one of the whole numbers.</summary>
    public Predicate In(IEnumerable<long> values) => new InPredicate(Name, [.. values.Select(v => (Literal)v)]);

    /// <summary>Equal to one of the whole numbers.</summary>
    public Predicate In(IEnumerable<int> values) => new InPredicate(Name, [.. values.Select(v => (Literal)v)]);

    /// <summary>A text column that begins with these characters.</summary>
    public Predicate StartsWith(string prefix) => new PrefixPredicate(Name, prefix ?? throw new ArgumentNullException(nameof(prefix)));

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name, quoted as in SQL.</summary>
    public override string ToString() => SqlText.Identifier(Name);
}
