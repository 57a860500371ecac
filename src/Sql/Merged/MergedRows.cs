using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Reading;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// What the log files of a snapshot make of its base files, and the rows of base files that DuckDB cannot be given (<see cref="TableSnapshot.Evolved"/>), as a temporary table: which rows of a base file no longer stand (by path and position), and the rows that do instead or are new.
/// It has the columns that statements have asked for so far. DuckDB keeps it in its own memory, and on disk past its own limit.
/// </summary>
internal sealed class MergedRows
{
    /// <summary>The base file, as its path on the disk; null for a new row.</summary>
    public const string File = "lakehouse:file";

    /// <summary>The row's position in it, from 0.</summary>
    public const string Position = "lakehouse:position";

    private const string Deleted = "lakehouse:deleted";

    private MergedRows(string table, TableSnapshot snapshot, IReadOnlyList<DuckField> columns)
    {
        Table = table;
        Snapshot = snapshot;
        Columns = columns;
    }

    public TableSnapshot Snapshot { get; }

    /// <summary>The columns that it has, as DuckDB has them.</summary>
    public IReadOnlyList<DuckField> Columns { get; }

    /// <summary>The temporary table, for FROM.</summary>
    public string Table { get; }

    /// <summary>Its rows that are rows of the table.</summary>
    public static string AreRows => $"NOT {SqlText.Identifier(Deleted)}";

    /// <summary>Whether it serves a statement that reads these columns.</summary>
    public bool Serves(TableSnapshot snapshot, IReadOnlyCollection<string> columns) => ReferenceEquals(Snapshot, snapshot) && columns.All(c => Columns.Any(f => f.Name == c));

    /// <summary>Merges the logs of a snapshot.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">What of it is shown.</param>
    /// <param name="id">The table's number in the session.</param>
    /// <param name="columns">The columns wanted.</param>
    /// <param name="cancellationToken">Ends the merging.</param>
    public static async ValueTask<MergedRows> LoadAsync(
        DuckSession session, LakehouseTable table, TableSnapshot snapshot, int id, IReadOnlyCollection<string> columns, CancellationToken cancellationToken)
    {
        var wanted = new Schema([.. snapshot.Plan.Output.FieldsList.Where(f => columns.Contains(f.Name))], null);
        var schema = new Schema([new Field(File, StringType.Default, true), new Field(Position, Int64Type.Default, true), new Field(Deleted, BooleanType.Default, false), .. wanted.FieldsList.Select(f => new Field(f.Name, f.DataType, true))], null);
        var name = "temp." + SqlText.Identifier($"lakehouse:merged:{id}");
        await ArrowInput.CreateTableAsync(session, name, $"lakehouse:arrow:{id}", schema, _ => "*", ReadAsync(table, snapshot, wanted, schema, cancellationToken), cancellationToken);
        return new MergedRows(name, snapshot, [.. session.Describe(name).Skip(3)]);
    }

    private static async IAsyncEnumerable<RecordBatch> ReadAsync(
        LakehouseTable table, TableSnapshot snapshot, Schema wanted, Schema schema, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = TableScan.WithMerging(snapshot.Plan, table.Options);
        var read = plan.Read with { Columns = wanted, Filter = null };
        foreach (var slice in snapshot.Evolved)
        {
            await foreach (var rows in FileSliceReader.ReadAsync(table.Store, ParquetFormats.Of(table.Options.ParquetReader), slice, read, plan.Partitions.Of(slice.PartitionPath), cancellationToken))
            {
                var none = new BooleanArray.Builder().AppendRange(Enumerable.Repeat(false, rows.Length)).Build();
                yield return new RecordBatch(schema, [Kernels.Nulls(StringType.Default, rows.Length), Kernels.Nulls(Int64Type.Default, rows.Length), none, .. rows.Arrays], rows.Length);
            }
        }

        foreach (var slice in plan.Slices.Where(s => s.Logs.Count > 0 && !snapshot.Evolved.Contains(s)))
        {
            var path = slice.Base is { } file ? FetchedFiles.PathOf(table, file.Path) : null;
            await using var changes = await SliceMerge.ResolveAsync(table.Store, ParquetFormats.Of(table.Options.ParquetReader), slice, read, plan.Partitions.Of(slice.PartitionPath), cancellationToken);
            foreach (var changed in changes.Changes())
            {
                yield return Batch(changed, schema, Kernels.ConstantString(path!, changed.Length), Positions(changed));
            }

            foreach (var inserted in changes.Inserts())
            {
                yield return Batch(inserted, schema, Kernels.Nulls(StringType.Default, inserted.Length), Kernels.Nulls(Int64Type.Default, inserted.Length));
            }
        }
    }

    private static RecordBatch Batch(ChangedRows rows, Schema schema, IArrowArray paths, IArrowArray positions)
    {
        var deleted = new BooleanArray.Builder();
        for (var row = 0; row < rows.Length; row++)
        {
            deleted.Append(rows.IsDeleted(row));
        }

        return new RecordBatch(schema, [paths, positions, deleted.Build(), .. rows.Rows.Arrays.Take(schema.FieldsList.Count - 3)], rows.Length);
    }

    private static Int64Array Positions(ChangedRows rows) => new Int64Array.Builder().AppendRange(rows.Positions).Build();
}
