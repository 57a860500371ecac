using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>One statement about to run: the tables that it names are at their latest snapshot, and their names stand for the files that it needs.</summary>
internal sealed class Statement
{
    private const int PlanningAttempts = 5;
    private readonly List<RegisteredTable> changed = [];
    private readonly List<string> pruning = [];

    private Statement(bool isExplain) => IsExplain = isExplain;

    public bool IsExplain { get; }

    /// <summary>Whether a name stands for less than the table.</summary>
    public bool IsPruned => changed.Count > 0;

    /// <summary>What EXPLAIN adds: a line for each table.</summary>
    public IReadOnlyList<string> Pruning => pruning;

    public static async ValueTask<Statement> PrepareAsync(
        DuckSession session, SnapshotSql selects, FilePruning pruning, IReadOnlyList<RegisteredTable> tables, string sql, CancellationToken cancellationToken)
    {
        var explained = ExplainPrefix.Strip(sql);
        var statement = new Statement(explained is not null);
        if (tables.Count == 0)
        {
            return statement;
        }

        foreach (var table in tables.Where(t => t.Snapshot is null))
        {
            await table.RefreshAsync(session, cancellationToken);
        }

        var (scans, used) = await PlanAsync(session, tables, explained ?? sql, cancellationToken);
        var columns = used.Any(t => t.Snapshot!.HasLogs) ? ReadColumns(session, tables, explained ?? sql) : null;
        var constants = new ConstantReader(session);
        var conditions = new ConditionReader(constants);
        try
        {
            foreach (var table in used)
            {
                IReadOnlyList<Predicate?> filters = scans is null ? [null] : [.. scans.Where(s => s.Table == table.Id).Select(s => Filter(conditions, s.Conditions, table.Snapshot!))];
                IReadOnlyCollection<string> read = columns is null ? [.. table.Snapshot!.Columns.Select(c => c.Name)] : [.. columns[table.Id]];
                if (read.Count == 0)
                {
                    // To count rows DuckDB reads the first column.
                    read = [table.Snapshot!.Columns[0].Name];
                }

                await statement.UseAsync(session, selects, pruning, table, filters, read, cancellationToken);
            }

            return statement;
        }
        catch
        {
            statement.SetBack(session);
            throw;
        }
    }

    /// <summary>Lets the names stand for whole tables again.</summary>
    public void SetBack(DuckSession session)
    {
        if (changed.Count > 0)
        {
            session.Execute(string.Join("; ", changed.Select(t => t.UseAll)));
        }
    }

    /// <summary>Which tables does the statement read, where, under which conditions. Those tables are then at their latest snapshot.</summary>
    private static async ValueTask<(IReadOnlyList<(int Table, IReadOnlyList<PlanCondition> Conditions)>? Scans, IReadOnlyList<RegisteredTable> Tables)> PlanAsync(
        DuckSession session, IReadOnlyList<RegisteredTable> tables, string sql, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            IReadOnlyList<(int Table, IReadOnlyList<PlanCondition> Conditions)>? scans;
            session.Execute(string.Join("; ", tables.Select(t => t.UseShape)));
            try
            {
                scans = StatementPlanner.Plan(session, sql);
            }
            finally
            {
                session.Execute(string.Join("; ", tables.Select(t => t.UseAll)));
            }

            var used = scans is null ? tables : [.. tables.Where(t => scans.Any(s => s.Table == t.Id))];
            var columnsChanged = false;
            foreach (var table in used)
            {
                columnsChanged |= await table.RefreshAsync(session, cancellationToken);
            }

            if (!columnsChanged || attempt == PlanningAttempts)
            {
                return (columnsChanged ? null : scans, used);
            }
        }
    }

    private static ILookup<int, string>? ReadColumns(DuckSession session, IReadOnlyList<RegisteredTable> tables, string sql)
    {
        session.Execute(string.Join("; ", tables.Select(t => t.UseShape)));
        try
        {
            return UsedColumns.Find(session, sql);
        }
        finally
        {
            session.Execute(string.Join("; ", tables.Select(t => t.UseAll)));
        }
    }

    /// <returns>A predicate that holds for all rows that the scan must give; null: nothing is known.</returns>
    private static Predicate? Filter(ConditionReader reader, IReadOnlyList<PlanCondition> conditions, TableSnapshot snapshot)
    {
        var known = conditions.Select(c => reader.Read(c, snapshot.Plan.Output)).OfType<Predicate>().ToList();
        return known.Count == 0 ? null : Predicates.And(known);
    }

    private async ValueTask UseAsync(
        DuckSession session, SnapshotSql selects, FilePruning pruner, RegisteredTable table, IReadOnlyList<Predicate?> filters, IReadOnlyCollection<string> columns, CancellationToken cancellationToken)
    {
        var snapshot = table.Snapshot!;
        var pruned = await pruner.PruneAsync(table.Table, snapshot, filters, cancellationToken);
        if (pruned.Files.Count == snapshot.Files.Count && !snapshot.HasLogs)
        {
            await table.ShowAllAsync(session, selects, cancellationToken);
        }
        else
        {
            var select = await table.SelectAsync(session, selects, pruned.Files, columns, cancellationToken);
            session.Execute(table.UseFiles(select));
            changed.Add(table);
        }

        pruning.Add(Describe(table.Name, snapshot, pruned));
    }

    private static string Describe(string name, TableSnapshot snapshot, PrunedFiles pruned) => pruned.Filters.Count == 0
        ? $"{name}: {snapshot.Files.Count} of {snapshot.Files.Count} files, no condition prunes them"
        : $"{name}: {pruned.Files.Count} of {snapshot.Files.Count} files; partitions leave {pruned.AfterPaths}, {(pruned.AfterMetadata < pruned.AfterPaths ? $"the metadata table {pruned.AfterMetadata}, " : "")}statistics {pruned.Files.Count} of those; {string.Join(" | ", pruned.Filters)}";
}
