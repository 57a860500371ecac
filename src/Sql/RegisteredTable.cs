using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// A table under its name. The name is a temporary view on <c>query(getvariable(...))</c>: the variable says what the view stands for at the moment, its columns alone
/// while a statement is planned, then the files that the statement needs, at other times all files.
/// </summary>
internal sealed class RegisteredTable(int id, string name, LakehouseTable table, ReadOptions options)
{
    private const string StaleText = ": its files are not known yet to a statement that is given to the connection directly. Call LakehouseSql.RefreshAsync first";
    private string? viewShape;
    private TableSnapshot? shown;
    private MergedRows? merged;
    private MergedRows? shownMerged;
    private int merges;

    public int Id => id;

    public string Name => name;

    public LakehouseTable Table => table;

    public TableSnapshot? Snapshot { get; private set; }

    private string Variable => "lakehouse:" + name;

    /// <summary>The SET that makes the view stand for its columns alone.</summary>
    public string UseShape => Use("shape");

    /// <summary>The SET that makes the view stand for all files.</summary>
    public string UseAll => Use("all");

    /// <summary>The SET that makes the view stand for the files of one statement.</summary>
    public string UseFiles(string select) => Set(Variable, SqlText.Text(select));

    /// <summary>Takes up what was committed since.</summary>
    /// <returns>Whether the columns have changed, so that a plan made before is none.</returns>
    public async ValueTask<bool> RefreshAsync(DuckSession session, CancellationToken cancellationToken)
    {
        try
        {
            var state = await table.RefreshAsync(cancellationToken: cancellationToken);
            if (Snapshot?.IsOf(state) == true)
            {
                return false;
            }

            Snapshot = await TableSnapshot.LoadAsync(state, options, cancellationToken);
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(table.Location);
        }

        var shape = SnapshotSql.Shape(Snapshot, id);
        if (shape == viewShape)
        {
            return false;
        }

        var unknown = SnapshotSql.Failing(Snapshot, $"Table {name}{StaleText}");
        session.Execute($"{Set(Variable + ":shape", SqlText.Text(shape))}; {Set(Variable + ":all", SqlText.Text(unknown))}; {UseShape}; "
            + $"CREATE OR REPLACE TEMPORARY VIEW {SqlText.Identifier(name)} AS FROM query(getvariable({SqlText.Text(Variable)})); {UseAll}");
        viewShape = shape;
        return true;
    }

    /// <summary>Makes all files of the snapshot what the view stands for, also for statements given to the connection directly.</summary>
    public async ValueTask ShowAllAsync(DuckSession session, SnapshotSql sql, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(shown, Snapshot))
        {
            var all = await SelectAsync(session, sql, Snapshot!.Files, [.. Snapshot.Columns.Select(c => c.Name)], cancellationToken);
            session.Execute($"{Set(Variable + ":all", SqlText.Text(all))}; {UseAll}");
            shown = Snapshot;
            if (shownMerged != merged)
            {
                shownMerged?.Drop(session);
                shownMerged = merged;
            }
        }
    }

    /// <param name="session">The connection.</param>
    /// <param name="sql">Makes the SELECT.</param>
    /// <param name="files">The base files to read.</param>
    /// <param name="columns">The columns that are read.</param>
    /// <param name="cancellationToken">Ends reading and merging.</param>
    public async ValueTask<string> SelectAsync(DuckSession session, SnapshotSql sql, IReadOnlyList<BaseFile> files, IReadOnlyCollection<string> columns, CancellationToken cancellationToken)
    {
        try
        {
            var snapshot = Snapshot!;
            if (snapshot.HasLogs && merged?.Serves(snapshot, columns) != true)
            {
                var known = ReferenceEquals(merged?.Snapshot, snapshot) ? merged!.Columns.Select(c => c.Name) : [];
                var before = merged;
                merged = await sql.MergeAsync(table, snapshot, $"{id}:{++merges}", [.. columns.Union(known)], cancellationToken);
                if (before != shownMerged)
                {
                    before?.Drop(session);
                }
            }

            return await sql.SelectAsync(table, snapshot, files, snapshot.HasLogs ? merged : null, cancellationToken);
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(table.Location);
        }
    }

    public void Remove(DuckSession session)
    {
        session.Execute($"DROP VIEW IF EXISTS temp.main.{SqlText.Identifier(name)}; {string.Join("; ", new[] { string.Empty, ":shape", ":all" }.Select(s => "RESET VARIABLE " + SqlText.Identifier(Variable + s)))}");
        merged?.Drop(session);
        shownMerged?.Drop(session);
    }

    private static string Set(string variable, string value) => $"SET VARIABLE {SqlText.Identifier(variable)} = {value}";

    private string Use(string what) => Set(Variable, $"getvariable({SqlText.Text(Variable + ":" + what)})");
}
