using System.Text.Json;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// Finds in an unoptimised plan each place where a registered table is read, and takes conditions down to it: through projections, orders and filters, and through joins to the side whose
/// rows they choose. Where it does not know an operator it takes nothing further, so that what it finds is always implied by the statement.
/// </summary>
internal sealed class ScanFinder
{
    private readonly List<(int Table, IReadOnlyList<PlanCondition> Conditions)> scans = [];

    /// <returns>The scans by table; null where the plan reads a table in a place that was not understood.</returns>
    public static IReadOnlyList<(int Table, IReadOnlyList<PlanCondition> Conditions)>? Find(JsonElement plan)
    {
        var finder = new ScanFinder();
        finder.Visit(plan, []);
        return finder.scans.Count == CountMarkers(plan) ? finder.scans : null;
    }

    private void Visit(JsonElement node, IReadOnlyList<PlanCondition> conditions)
    {
        var children = node.Items("children");
        var expressions = node.Items("expressions");
        switch (node.Text("type"))
        {
            case "LOGICAL_PROJECTION" when expressions.Count > 0 && Marker(expressions[0]) is { } table:
                scans.Add((table, [.. conditions.Select(c => c.Below(i => i - 1))]));
                break;
            case "LOGICAL_PROJECTION" when children.Count == 1:
                Visit(children[0], [.. conditions.Select(c => c.Below(i => i < expressions.Count ? expressions[i].ColumnIndex() : null))]);
                break;
            case "LOGICAL_FILTER" when children.Count == 1:
                var shown = node.Items("projection_map");
                var above = shown.Count == 0 ? conditions : conditions.Select(c => c.Below(i => i < shown.Count && shown[i].TryGetInt32(out var at) ? at : null));
                Visit(children[0], [.. above, .. expressions.Select(e => new PlanCondition(e, i => i))]);
                break;
            case "LOGICAL_ORDER_BY" when children.Count == 1 && node.Items("projection_map").Count == 0 && node.Items("projections").Count == 0:
                Visit(children[0], conditions);
                break;
            case "LOGICAL_MATERIALIZED_CTE" when children.Count == 2:
                Visit(children[0], []);
                Visit(children[1], conditions);
                break;
            case "LOGICAL_COMPARISON_JOIN" or "LOGICAL_ANY_JOIN" or "LOGICAL_DELIM_JOIN" or "LOGICAL_CROSS_PRODUCT" when children.Count == 2:
                VisitJoin(node, children, conditions);
                break;
            default:
                foreach (var child in children)
                {
                    Visit(child, []);
                }

                break;
        }
    }

    private void VisitJoin(JsonElement node, IReadOnlyList<JsonElement> children, IReadOnlyList<PlanCondition> conditions)
    {
        var kind = node.Text("type") == "LOGICAL_CROSS_PRODUCT" ? "INNER" : node.Text("join_type");
        var left = node.Items("left_projection_map").Count == 0 && node.Items("right_projection_map").Count == 0 && !node.Is("delim_flipped", true) ? Width(children[0]) : null;
        var toLeft = left is not null && kind is "INNER" or "LEFT" or "SEMI" or "ANTI" or "MARK" or "SINGLE";

        // The right side of a delim join is worked out for the values of the left one.
        var toRight = left is not null && kind is "INNER" or "RIGHT" && node.Text("type") != "LOGICAL_DELIM_JOIN";
        Visit(children[0], toLeft && left is { } width ? [.. conditions.Select(c => c.Below(i => i < width ? i : null))] : []);
        Visit(children[1], toRight && left is { } offset ? [.. conditions.Select(c => c.Below(i => i >= offset ? i - offset : null))] : []);
    }

    /// <summary>How many columns a node has; null where that is not known.</summary>
    private static int? Width(JsonElement node)
    {
        var children = node.Items("children");
        switch (node.Text("type"))
        {
            case "LOGICAL_PROJECTION":
                return node.Items("expressions").Count;
            case "LOGICAL_FILTER" when children.Count == 1:
                return node.Items("projection_map") is { Count: > 0 } shown ? shown.Count : Width(children[0]);
            case "LOGICAL_GET" when node.Items("projection_ids").Count == 0 && node.Items("projected_input").Count == 0:
                return node.Items("column_indexes").Count is > 0 and var count ? count : null;
            case "LOGICAL_CROSS_PRODUCT" when children.Count == 2:
                return Width(children[0]) + Width(children[1]);
            case "LOGICAL_COMPARISON_JOIN" or "LOGICAL_ANY_JOIN" or "LOGICAL_DELIM_JOIN" when children.Count == 2:
                if (node.Items("left_projection_map").Count > 0 || node.Items("right_projection_map").Count > 0)
                {
                    return null;
                }

                return node.Text("join_type") switch
                {
                    "INNER" or "LEFT" or "RIGHT" or "OUTER" or "SINGLE" => Width(children[0]) + Width(children[1]),
                    "SEMI" or "ANTI" => Width(children[0]),
                    "MARK" => Width(children[0]) + 1,
                    _ => null,
                };
            default:
                return null;
        }
    }

    private static int? Marker(JsonElement expression) =>
        expression.Text("expression_class") == "BOUND_CONSTANT" && expression.Member("value").Text("value") is var text && text.StartsWith(SnapshotSql.Marker, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(SnapshotSql.Marker.Length), out var id) ? id : null;

    private static int CountMarkers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => (Marker(element) is null ? 0 : 1) + element.EnumerateObject().Sum(p => CountMarkers(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(CountMarkers),
        _ => 0,
    };
}
