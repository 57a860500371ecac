using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse;

/// <summary>
/// A condition on the rows of a table, made with <see cref="Predicates.Column"/> and the operators of <see cref="ColumnReference"/>, joined with <c>&amp;</c>, <c>|</c> and <c>!</c>
/// (or <c>&amp;&amp;</c> and <c>||</c>). It follows SQL: a comparison with a null is unknown, and only rows for which the whole is true are selected. Immutable.
/// </summary>
/// <remarks>Text is compared by its UTF-8 bytes, as Hudi, Spark and Parquet do. NaN behaves as in C#: it equals nothing and is neither less nor greater than anything.</remarks>
public abstract class Predicate
{
    private protected Predicate()
    {
    }

    /// <summary>
    /// Reads a condition written in SQL: column names (quoted with <c>"</c> where needed, dotted where nested), literals, the comparisons, IN, BETWEEN, IS NULL,
    /// LIKE 'prefix%', AND, OR, NOT and parentheses.
    /// </summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: names the character where it is not understood.</exception>
    public static Predicate Parse(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return PredicateParser.Parse(sql);
    }

    /// <summary>Both conditions hold.</summary>
    public static Predicate operator &(Predicate left, Predicate right) => new JunctionPredicate(left, right, all: true);

    /// <summary>At least one condition holds.</summary>
    public static Predicate operator |(Predicate left, Predicate right) => new JunctionPredicate(left, right, all: false);

    /// <summary>The condition is false.</summary>
    public static Predicate operator !(Predicate condition) => new NotPredicate(condition);

    /// <summary>Always false, so that <c>||</c> means <c>|</c>: a predicate has no value of its own.</summary>
    public static bool operator true(Predicate condition) => false;

    /// <summary>Always false, so that <c>&amp;&amp;</c> means <c>&amp;</c>: a predicate has no value of its own.</summary>
    public static bool operator false(Predicate condition) => false;

    /// <summary>The condition in SQL, for messages and for engines that speak it.</summary>
    public abstract override string ToString();

    /// <summary>Checks names and types against a schema once; the result is used on its batches and statistics.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: unknown column, or a value its type cannot be compared with.</exception>
    internal abstract BoundPredicate Bind(Apache.Arrow.Schema schema);

    /// <summary>Adds the top-level or dotted names of all columns that the condition looks at.</summary>
    internal abstract void CollectColumns(ISet<string> names);

    /// <summary>The texts of which a column must have one for the condition to hold; null: it asks for none in particular.</summary>
    internal virtual IReadOnlyCollection<string>? TextsOf(string column) => null;

    /// <summary>The top-level columns of a schema that the condition looks at.</summary>
    internal IReadOnlySet<string> TopLevelColumns(Apache.Arrow.Schema schema)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        CollectColumns(names);
        return names.Select(n => ColumnPath.Resolve(schema, n).TopLevelName).ToHashSet(StringComparer.Ordinal);
    }
}
