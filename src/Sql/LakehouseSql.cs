using DuckDB.NET.Data;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Sql;

namespace OllaLab.Lakehouse;

/// <summary>
/// Hudi tables under names in a DuckDB connection, each as it is now, as it was at a time, or what a range of commits wrote. A statement sees one snapshot of each table: the latest when it
/// starts. DuckDB reads the table's Parquet files itself; those that the statement's conditions rule out by partition or by statistics it is not given.
/// <c>EXPLAIN</c> says how many were left.
/// </summary>
/// <remarks>
/// Instants (Avro timestamps) are TIMESTAMP WITH TIME ZONE, local timestamps TIMESTAMP. A connection made here has UTC as its <c>TimeZone</c>, which may be changed as any of DuckDB's settings.
/// For use by one thread at a time, as a DuckDB connection is: a result that is not read to its end is lost with the next statement where it streams.
/// Errors of the tables are <see cref="LakehouseException"/>, those of the statement <see cref="DuckDBException"/>.
/// </remarks>
public sealed partial class LakehouseSql : IAsyncDisposable, IDisposable
{
    private readonly Dictionary<string, RegisteredTable> tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim running = new(1);
    private readonly bool ownsConnection;
    private readonly DuckSession session;
    private readonly SnapshotSql selects;
    private readonly FilePruning pruning;
    private int lastId;

    private LakehouseSql(DuckDBConnection connection, bool ownsConnection)
    {
        var footers = new FileFactsCache();
        this.ownsConnection = ownsConnection;
        session = new DuckSession(connection);
        selects = new SnapshotSql(session, footers);
        pruning = new FilePruning(footers);
    }

    /// <summary>
    /// The connection, with all that DuckDB has. The tables are temporary views in it: statements given to it directly see them as they were at the last <see cref="RefreshAsync"/>, without
    /// pruning by this library.
    /// </summary>
    public DuckDBConnection Connection => session.Connection;

    /// <summary>The names that tables have.</summary>
    public IReadOnlyCollection<string> TableNames => [.. tables.Values.Select(t => t.Name)];

    /// <summary>Opens a DuckDB database in memory and names tables in it.</summary>
    /// <param name="tables">Tables with their names. They stay the caller's, and must not be disposed before this.</param>
    public static LakehouseSql Open(params (string Name, LakehouseTable Table)[] tables)
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            var sql = new LakehouseSql(connection, ownsConnection: true);

            // Footers with bloom filters of a file's keys are long, and DuckDB would read them for each statement.
            sql.session.Execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true");
            foreach (var (name, table) in tables)
            {
                sql.Register(name, table);
            }

            return sql;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Uses a connection of the caller's, with its database and settings.</summary>
    /// <param name="connection">Open; it stays the caller's. Tables of its database that have the same name are hidden by those named here.</param>
    public static LakehouseSql Over(DuckDBConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new LakehouseSql(connection, ownsConnection: false);
    }

    /// <summary>Gives a table a name; a table of that name is replaced. The table is looked at when the next statement runs.</summary>
    /// <param name="name">Any text; where it is no plain word it is written in double quotes in SQL. Case does not matter.</param>
    /// <param name="table">The table, which may have several names.</param>
    /// <param name="asOf">Time travel, as <see cref="ReadOptions.AsOf"/>; null: as it is when a statement runs.</param>
    public void Register(string name, LakehouseTable table, string? asOf = null) => Register(name, table, new ReadOptions { AsOf = asOf });

    /// <summary>Gives a name to the rows that a range of commits wrote, in their latest form within the range; see <see cref="ReadOptions.Begin"/>.</summary>
    /// <param name="name">As for <see cref="Register(string, LakehouseTable, string?)"/>.</param>
    /// <param name="table">The table.</param>
    /// <param name="begin">Exclusive; "000" is the beginning.</param>
    /// <param name="end">Inclusive; null: the latest when a statement runs.</param>
    public void RegisterChanges(string name, LakehouseTable table, string begin, string? end = null)
    {
        ArgumentNullException.ThrowIfNull(begin);
        Register(name, table, new ReadOptions { Begin = begin, End = end });
    }

    /// <summary>Gives a name to what the base files of a merge-on-read table hold, without merging logs; see <see cref="ReadOptions.ReadOptimized"/>.</summary>
    /// <param name="name">As for <see cref="Register(string, LakehouseTable, string?)"/>.</param>
    /// <param name="table">The table.</param>
    /// <param name="asOf">Time travel; null: as it is when a statement runs.</param>
    public void RegisterReadOptimized(string name, LakehouseTable table, string? asOf = null) => Register(name, table, new ReadOptions { AsOf = asOf, ReadOptimized = true });

    /// <summary>
    /// Loads the change feed of a range of commits into a temporary table of the connection, with the columns op, ts_ms, before and after
    /// (<see cref="LakehouseTable.ReadChangesAsync(string, string?, CancellationToken)"/>). It stays as it is: load it again to see later changes.
    /// </summary>
    /// <param name="name">The temporary table's name; one of that name is replaced.</param>
    /// <param name="table">The table, which must keep change data.</param>
    /// <param name="begin">Exclusive; "000" is the beginning.</param>
    /// <param name="end">Inclusive; null: the latest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LakehouseException">As for reading the changes.</exception>
    public async Task LoadChangeFeedAsync(string name, LakehouseTable table, string begin, string? end = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(table);
        var schema = await table.GetChangesSchemaAsync(cancellationToken);
        await running.WaitAsync(cancellationToken);
        try
        {
            await ArrowInput.CreateTableAsync(
                session,
                "temp." + SqlText.Identifier(name),
                $"lakehouse:feed:{++lastId}",
                schema,
                found => string.Join(", ", schema.FieldsList.Zip(found, (f, c) => $"{ColumnExpression.Convert(SqlText.Identifier(f.Name), c.Type, ArrowToDuck.Convert(f.DataType, f.Name), null, f.Name, table.Location)} AS {SqlText.Identifier(f.Name)}")),
                table.ReadChangesAsync(begin, end, cancellationToken),
                cancellationToken);
        }
        finally
        {
            running.Release();
        }
    }

    /// <summary>Takes a name away.</summary>
    /// <returns>Whether there was such a table.</returns>
    public bool Unregister(string name)
    {
        if (!tables.Remove(name, out var table))
        {
            return false;
        }

        table.Remove(session);
        return true;
    }

    /// <summary>
    /// Brings all tables to their latest snapshot, for statements given to <see cref="Connection"/> directly. Statements given to this class need it not: they look for new commits themselves.
    /// </summary>
    /// <exception cref="LakehouseException">A table cannot be read, or not by SQL.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await running.WaitAsync(cancellationToken);
        try
        {
            foreach (var table in tables.Values)
            {
                await table.RefreshAsync(session, cancellationToken);
                await table.ShowAllAsync(session, selects, cancellationToken);
            }
        }
        finally
        {
            running.Release();
        }
    }

    /// <summary>Removes the tables' names from the connection, and closes it if it was opened here.</summary>
    public void Dispose()
    {
        if (ownsConnection)
        {
            Connection.Dispose();
        }
        else if (Connection.State == System.Data.ConnectionState.Open)
        {
            foreach (var name in TableNames)
            {
                Unregister(name);
            }
        }

        foreach (var table in tables.Values)
        {
            FetchedFiles.Release(table.Table);
        }

        running.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Register(string name, LakehouseTable table, ReadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(table);
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A table's name cannot hold the character NUL", table.Location);
        }

        Unregister(name);
        tables.Add(name, new RegisteredTable(++lastId, name, table, options));
    }
}
