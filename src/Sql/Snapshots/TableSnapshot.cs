using System.Globalization;
using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>A registered table as one loaded timeline shows it: the files, and the columns that SQL sees.</summary>
internal sealed class TableSnapshot
{
    private TableSnapshot(ScanPlan plan)
    {
        Plan = plan;
        Evolved = plan.Slices.Where(s => s.Base is { } file && plan.Schema.Evolution?.IsCurrentAt(file.Instant) == false).ToHashSet();
        Files = [.. plan.Slices.Where(s => !Evolved.Contains(s)).Select(s => s.Base).OfType<BaseFile>()];
        HasLogs = Evolved.Count > 0 || plan.Slices.Any(s => s.Logs.Count > 0);
        Columns = [.. plan.Output.FieldsList.Select(f => new DuckField(f.Name, ArrowToDuck.Convert(f.DataType, f.Name)))];
    }

    public ScanPlan Plan { get; }

    /// <summary>The base files that DuckDB scans.</summary>
    public IReadOnlyList<BaseFile> Files { get; }

    /// <summary>Slices whose base files have the columns of another time under other names or types (schema-on-read evolution): DuckDB is given their rows, not the files.</summary>
    public IReadOnlySet<FileSlice> Evolved { get; }

    /// <summary>Whether any rows come from elsewhere than <see cref="Files"/>: from logs, or from files of other columns.</summary>
    public bool HasLogs { get; }

    public IReadOnlyList<DuckField> Columns { get; }

    public static async ValueTask<TableSnapshot> LoadAsync(TableState state, ReadOptions options, CancellationToken cancellationToken)
    {
        var plan = await ScanPlanner.PlanAsync(state, options, cancellationToken);
        // DuckDB's names do not know case.
        var twice = plan.Output.FieldsList.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? new TableSnapshot(plan)
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The columns {string.Join(" and ", twice.Select(f => $"\"{f.Name}\""))} differ in case only, which SQL cannot tell apart", remedy: "Read the table without SQL");
    }

    /// <summary>Whether a timeline shows the same.</summary>
    public bool IsOf(TableState state) =>
        Plan.State.Timeline.Instants.SequenceEqual(state.Timeline.Instants) && Same(Plan.State.Config.Properties, state.Config.Properties);

    /// <summary>Which rows of the files belong to a range of commits; null: all.</summary>
    public string? RowsWhere()
    {
        if (Plan.Commits is not { } commits)
        {
            return null;
        }

        var column = SqlText.Identifier(Schemas.MetaColumns.CommitTime);
        var times = commits.Range.Instants.Select(i => SqlText.Text(i.RequestedTime)).ToList();
        var written = times.Count == 0 ? "FALSE" : $"{column} IN ({string.Join(", ", times)})";
        return commits.Range.IncludesAllArchived && commits.Timeline.FirstInstant is { } start
            ? $"({written} OR ({column} < {SqlText.Text(start)} AND {column} <> ''))"
            : written;
    }

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var value) && value == p.Value);
}
