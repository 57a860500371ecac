using Apache.Arrow;

namespace OllaLab.Lakehouse.Filtering;

internal sealed class ComparisonPredicate(string column, ComparisonOperator comparison, Literal value) : Predicate
{
    public string Column => column;

    public ComparisonOperator Operator => comparison;

    public object Value => value.Value;

    public override string ToString() => $"{SqlText.Identifier(column)} {comparison.Sql()} {value}";

    internal override BoundPredicate Bind(Schema schema) => LeafBinder.Comparison(ColumnPath.Resolve(schema, column), comparison, value.Value);

    internal override void CollectColumns(ISet<string> names) => names.Add(column);

    internal override IReadOnlyCollection<string>? TextsOf(string name) => name == column && comparison == ComparisonOperator.Equal && value.Value is string text ? [text] : null;
}

internal sealed class InPredicate(string column, Literal[] values) : Predicate
{
    public override string ToString() => values.Length == 0
        ? $"({SqlText.Identifier(column)} IS NULL AND NULL)"
        : $"{SqlText.Identifier(column)} IN ({string.Join(", ", values)})";

    internal override BoundPredicate Bind(Schema schema) => LeafBinder.In(ColumnPath.Resolve(schema, column), [.. values.Select(v => v.Value)]);

    internal override void CollectColumns(ISet<string> names) => names.Add(column);

    internal override IReadOnlyCollection<string>? TextsOf(string name) => name == column && values.All(v => v.Value is string) ? [.. values.Select(v => (string)v.Value)] : null;
}

internal sealed class NullPredicate(string column, bool isNull) : Predicate
{
    public override string ToString() => $"{SqlText.Identifier(column)} IS {(isNull ? string.Empty : "NOT ")}NULL";

    internal override BoundPredicate Bind(Schema schema) => new NullLeaf(ColumnPath.Resolve(schema, column), isNull);

    internal override void CollectColumns(ISet<string> names) => names.Add(column);
}

internal sealed class PrefixPredicate(string column, string prefix) : Predicate
{
    public override string ToString() => $"starts_with({SqlText.Identifier(column)}, {SqlText.Text(prefix)})";

    internal override BoundPredicate Bind(Schema schema) => LeafBinder.Prefix(ColumnPath.Resolve(schema, column), prefix);

    internal override void CollectColumns(ISet<string> names) => names.Add(column);
}

internal sealed class JunctionPredicate(Predicate left, Predicate right, bool all) : Predicate
{
    public override string ToString() => $"({left} {(all ? "AND" : "OR")} {right})";

    internal override BoundPredicate Bind(Schema schema) => new BoundJunction(left.Bind(schema), right.Bind(schema), all);

    internal override void CollectColumns(ISet<string> names)
    {
        left.CollectColumns(names);
        right.CollectColumns(names);
    }

    internal override IReadOnlyCollection<string>? TextsOf(string name)
    {
        var (a, b) = (left.TextsOf(name), right.TextsOf(name));
        return all ? a ?? b : a is null || b is null ? null : [.. a, .. b];
    }
}

internal sealed class NotPredicate(Predicate condition) : Predicate
{
    public override string ToString() => $"(NOT {condition})";

    internal override BoundPredicate Bind(Schema schema) => new BoundNot(condition.Bind(schema));

    internal override void CollectColumns(ISet<string> names) => condition.CollectColumns(names);
}

internal sealed class ConstantPredicate(bool value) : Predicate
{
    public override string ToString() => value ? "TRUE" : "FALSE";

    internal override BoundPredicate Bind(Schema schema) => new BoundConstant(value);

    internal override void CollectColumns(ISet<string> names)
    {
    }
}
