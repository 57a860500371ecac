using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// Turns a condition of a plan into a predicate that holds wherever the condition does: comparisons of a plain column with constants, IN, IS NULL, prefixes, AND and OR. What it does not
/// know it leaves out where that makes the predicate weaker, else it gives none.
/// </summary>
internal sealed class ConditionReader(ConstantReader constants)
{
    /// <returns>Null: nothing is known of the rows.</returns>
    public Predicate? Read(PlanCondition condition, Schema columns) => Read(condition.Expression, i => condition.Column(i) is >= 0 and var c && c < columns.FieldsList.Count ? columns.FieldsList[c] : null);

    private Predicate? Read(JsonElement e, Func<int, Field?> column)
    {
        var children = e.Items("children");
        switch (e.Text("expression_class"))
        {
            case "BOUND_CONJUNCTION" when e.Text("type") == "CONJUNCTION_AND":
                var known = children.Select(c => Read(c, column)).OfType<Predicate>().ToList();
                return known.Count == 0 ? null : Predicates.And(known);
            case "BOUND_CONJUNCTION" when e.Text("type") == "CONJUNCTION_OR":
                var all = children.Select(c => Read(c, column)).ToList();
                return all.Contains(null) ? null : Predicates.Or(all!);
            case "BOUND_COMPARISON":
                var (left, right) = (e.Member("left"), e.Member("right"));
                return Plain(left, column) is { } field ? Compare(e.Text("type"), field, right)
                    : Plain(right, column) is { } other ? Compare(Swapped(e.Text("type")), other, left)
                    : null;
            case "BOUND_OPERATOR" when children.Count > 0 && Plain(children[0], column) is { } operand:
                return Operator(e.Text("type"), operand, [.. children.Skip(1)]);
            case "BOUND_FUNCTION" when children.Count == 2 && Plain(children[0], column) is { DataType: StringType } text && constants.Read(children[1], text.DataType)?.Value is string pattern:
                return Prefix(e.Text("name"), pattern) is { Length: > 0 } prefix ? Predicates.Column(text.Name).StartsWith(prefix) : null;
            case "BOUND_REF":
                return Plain(e, column) is { DataType: BooleanType } flag ? Predicates.Column(flag.Name) == true : null;
            default:
                return null;
        }
    }

    private static Field? Plain(JsonElement e, Func<int, Field?> column)
    {
        if (e.Text("expression_class") == "BOUND_CAST" && e.Is("try_cast", false))
        {
            return Plain(e.Member("child"), column) is { } inner && KeepsValues(inner.DataType, e.Member("return_type").Text("id")) ? inner : null;
        }

        return e.ColumnIndex() is { } index && column(index) is { DataType: not NestedType } field && !field.Name.Contains('.', StringComparison.Ordinal) ? field : null;
    }

    // Casts that DuckDB puts around a column to compare it with a wider constant: each value stays what it is, and predicates compare with such constants exactly.
    private static bool KeepsValues(IArrowType from, string to) => (from, to) is (Date32Type, "TIMESTAMP") or (Int32Type, "BIGINT" or "DOUBLE" or "DECIMAL") or (Int64Type, "DECIMAL")
        or (FloatType, "DOUBLE") or (Decimal128Type, "DECIMAL");

    private Predicate? Operator(string type, Field operand, IReadOnlyList<JsonElement> values)
    {
        var column = Predicates.Column(operand.Name);
        switch (type)
        {
            case "OPERATOR_IS_NULL":
                return column.IsNull();
            case "OPERATOR_IS_NOT_NULL":
                return column.IsNotNull();
            case "OPERATOR_NOT" when operand.DataType is BooleanType:
                return column == false;
            case "COMPARE_IN":
                var found = values.Select(v => constants.Read(v, operand.DataType)).ToList();
                return found.TrueForAll(v => v is not null) ? column.In([.. found.Select(v => v!.Value)]) : null;
            default:
                return null;
        }
    }

    private Predicate? Compare(string type, Field field, JsonElement value)
    {
        // DuckDB puts NaN above all numbers, and statistics leave it out.
        if (field.DataType is FloatType or DoubleType && type is "COMPARE_GREATERTHAN" or "COMPARE_GREATERTHANOREQUALTO" or "COMPARE_NOTEQUAL" || constants.Read(value, field.DataType) is not { } literal)
        {
            return null;
        }

        var column = Predicates.Column(field.Name);
        return type switch
        {
            "COMPARE_EQUAL" => column == literal,
            "COMPARE_NOTEQUAL" => column != literal,
            "COMPARE_LESSTHAN" => column < literal,
            "COMPARE_LESSTHANOREQUALTO" => column <= literal,
            "COMPARE_GREATERTHAN" => column > literal,
            "COMPARE_GREATERTHANOREQUALTO" => column >= literal,
            _ => null,
        };
    }

    private static string Swapped(string type) => type switch
    {
        "COMPARE_LESSTHAN" => "COMPARE_GREATERTHAN",
        "COMPARE_LESSTHANOREQUALTO" => "COMPARE_GREATERTHANOREQUALTO",
        "COMPARE_GREATERTHAN" => "COMPARE_LESSTHAN",
        "COMPARE_GREATERTHANOREQUALTO" => "COMPARE_LESSTHANOREQUALTO",
        _ => type,
    };

    private static string? Prefix(string function, string pattern) => function switch
    {
        "~~" => pattern.IndexOfAny(['%', '_']) is >= 0 and var end ? pattern[..end] : pattern,
        "^@" or "starts_with" or "prefix" => pattern,
        _ => null,
    };
}
