namespace OllaLab.Lakehouse;

/// <summary>
/// Where conditions begin: with <c>using static OllaLab.Lakehouse.Predicates;</c> a filter reads
/// <c>Column("fare") &gt; 10 &amp; Column("city").In("oslo", "lisbon")</c>.
/// </summary>
public static class Predicates
{
    /// <summary>A column of the table, or a field of a struct column as <c>"address.city"</c>.</summary>
    /// <param name="name">The column's name, in the table's spelling. Checked when the predicate is used on a table.</param>
    public static ColumnReference Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ColumnReference(name);
    }

    /// <summary>All conditions must hold. None at all: every row is selected.</summary>
    public static Predicate And(params IEnumerable<Predicate> conditions) => Join(conditions, all: true);

    /// <summary>At least one condition must hold. None at all: no row is selected.</summary>
    public static Predicate Or(params IEnumerable<Predicate> conditions) => Join(conditions, all: false);

    /// <summary>The condition must be false. Where it is unknown because of a null, so is this, and the row is not selected.</summary>
    public static Predicate Not(Predicate condition) => !condition;

    private static Predicate Join(IEnumerable<Predicate> conditions, bool all)
    {
        Predicate? joined = null;
        foreach (var condition in conditions)
        {
            joined = joined is null ? condition : all ? joined & condition : joined | condition;
        }

        return joined ?? new Filtering.ConstantPredicate(all);
    }
}
