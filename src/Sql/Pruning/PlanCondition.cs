using System.Text.Json;

namespace OllaLab.Lakehouse.Sql;

/// <summary>A condition that every row that matters of a plan node fulfils, and where its columns are among the node's.</summary>
/// <param name="Expression">The condition, whose columns are numbered as where it stood.</param>
/// <param name="Column">From those numbers to the node's columns; null: not among them.</param>
internal sealed record PlanCondition(JsonElement Expression, Func<int, int?> Column)
{
    public PlanCondition Below(Func<int, int?> next) => this with { Column = i => Column(i) is { } column ? next(column) : null };
}
