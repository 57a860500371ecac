using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// What the log files of a snapshot make of its base files, and the rows of base files that DuckDB cannot be given (<see cref="TableSnapshot.Evolved"/>), as two temporary tables: the rows that
/// stand in the place of stored ones or are new, and which rows of the base files no longer stand.
/// They have the columns that statements have asked for so far. DuckDB keeps them in its own memory, and on disk past its own limit.
/// </summary>
internal sealed class MergedRows
{
    /// <summary>In the second table the base file, as its path on the disk.</summary>
    public const string File = "lakehouse:changed";

    /// <summary>In the second table a bit for each row of the file, which says that it no longer stands.</summary>
    public const string Bits = "lakehouse:bits";

    private readonly HashSet<string> changed;

    private MergedRows(string table, string changes, ChangedPositions positions, TableSnapshot snapshot, IReadOnlyList<DuckField> columns)
    {
        Table = table;
        Changes = changes;
        changed = [.. positions.Paths];
        Snapshot = snapshot;
        Columns = columns;
    }

    public TableSnapshot Snapshot { get; }

    /// <summary>The columns that the rows have, as DuckDB has them.</summary>
    public IReadOnlyList<DuckField> Columns { get; }

    /// <summary>The rows, for FROM.</summary>
    public string Table { get; }

    /// <summary>Which rows of base files no longer stand, for FROM.</summary>
    public string Changes { get; }

    /// <summary>Whether rows of a base file no longer stand.</summary>
    public bool Touch(LakehouseTable table, BaseFile file) => changed.Contains(FetchedFiles.PathOf(table, file.Path));

    /// <summary>Whether it serves a statement that reads these columns.</summary>
    public bool Serves(TableSnapshot snapshot, IReadOnlyCollection<string> columns) => ReferenceEquals(Snapshot, snapshot) && columns.All(c => Columns.Any(f => f.Name == c));

    /// <summary>Merges the logs of a snapshot.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="footers">Tell how many rows files have.</param>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">What of it is shown.</param>
    /// <param name="id">Tells the tables from others of the connection.</param>
    /// <param name="columns">The columns wanted.</param>
    /// <param name="cancellationToken">Ends the merging.</param>
    public static async ValueTask<MergedRows> LoadAsync(
        DuckSession session, FileFactsCache footers, LakehouseTable table, TableSnapshot snapshot, string id, IReadOnlyCollection<string> columns, CancellationToken cancellationToken)
    {
        var wanted = new Schema([.. snapshot.Plan.Output.FieldsList.Where(f => columns.Contains(f.Name)).Select(f => new Field(f.Name, f.DataType, true))], null);
        var positions = new ChangedPositions();
        var rows = "temp." + SqlText.Identifier($"lakehouse:merged:{id}");
        var changes = "temp." + SqlText.Identifier($"lakehouse:changed:{id}");
        var view = $"lakehouse:arrow:{id}";
        await ArrowInput.CreateTableAsync(session, rows, view, wanted, _ => "*", ReadAsync(footers, table, snapshot, wanted, positions, cancellationToken), cancellationToken);
        if (positions.Paths.Count > 0)
        {
            await ArrowInput.CreateTableAsync(
                session, changes, view, ChangedPositions.Schema, _ => $"path AS {SqlText.Identifier(File)}, CAST(bits AS BIT) AS {SqlText.Identifier(Bits)}", new[] { positions.ToBatch() }.ToAsyncEnumerable(), cancellationToken);
        }

        return new MergedRows(rows, changes, positions, snapshot, session.Describe(rows));
    }

    public void Drop(DuckSession session) => session.Execute($"DROP TABLE IF EXISTS {Table}; DROP TABLE IF EXISTS {Changes}");

    private static async IAsyncEnumerable<RecordBatch> ReadAsync(
        FileFactsCache footers, LakehouseTable table, TableSnapshot snapshot, Schema wanted, ChangedPositions positions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = TableScan.WithMerging(snapshot.Plan, table.Options);
        var read = plan.Read with { Columns = wanted, Filter = null };
        foreach (var slice in snapshot.Evolved)
        {
            await foreach (var rows in FileSliceReader.ReadAsync(table.Store, ParquetFormats.Of(table.Options.ParquetReader), slice, read, plan.Partitions.Of(slice.PartitionPath), cancellationToken))
            {
                yield return rows;
            }
        }

        foreach (var slice in plan.Slices.Where(s => s.Logs.Count > 0 && !snapshot.Evolved.Contains(s)))
        {
            await using var changes = await SliceMerge.ResolveAsync(table.Store, ParquetFormats.Of(table.Options.ParquetReader), slice, read, plan.Partitions.Of(slice.PartitionPath), cancellationToken);
            foreach (var changed in changes.Changes())
            {
                // Without a base file all rows are new.
                var length = (await footers.GetAsync(table, [slice.Base!], cancellationToken))[0].Rows;
                positions.Add(FetchedFiles.PathOf(table, slice.Base!.Path), length, changed.Positions);
                if (Standing(changed, wanted) is { } rows)
                {
                    yield return rows;
                }
            }

            foreach (var inserted in changes.Inserts())
            {
                yield return Narrow(inserted.Rows, wanted);
            }
        }
    }

    // Those of the changed rows that are not deleted; null: none.
    private static RecordBatch? Standing(ChangedRows rows, Schema wanted)
    {
        var narrow = Narrow(rows.Rows, wanted);
        if (rows.Deleted is null)
        {
            return narrow;
        }

        int[] standing = [.. Enumerable.Range(0, rows.Length).Where(r => !rows.IsDeleted(r))];
        return standing.Length == 0 ? null : Kernels.Take(narrow, standing);
    }

    // The columns wanted come first (SliceMerge).
    private static RecordBatch Narrow(RecordBatch rows, Schema wanted) => new(wanted, rows.Arrays.Take(wanted.FieldsList.Count), rows.Length);
}
