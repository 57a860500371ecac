using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// The SELECT that a registered table stands for. Files of one schema are one read_parquet over their list; files of several schemas are brought to the table's schema each
/// and put together with UNION ALL.
/// </summary>
internal sealed class SnapshotSql(DuckSession session, FileFactsCache footers)
{
    /// <summary>In front of the number by which a query plan tells which table a scan is of.</summary>
    public const string Marker = "lakehouse-shape:";

    private const string StoredFile = "lakehouse:file";

    private const string FromPathLimit = "dropped partition columns";

    private static string Stands => $"get_bit(changed.{SqlText.Identifier(MergedRows.Bits)}, CAST(stored.file_row_number AS INTEGER)) = 0";

    /// <summary>What logs make of the base files of a snapshot, of some columns.</summary>
    public ValueTask<MergedRows> MergeAsync(LakehouseTable table, TableSnapshot snapshot, string id, IReadOnlyCollection<string> columns, CancellationToken cancellationToken) =>
        MergedRows.LoadAsync(session, footers, table, snapshot, id, columns, cancellationToken);

    /// <summary>The columns alone, with a marker that planning finds; no row.</summary>
    public static string Shape(TableSnapshot snapshot, int id)
    {
        // The names that planning finds columns by (UsedColumns).
        string Inner(DuckField column) => SqlText.Identifier($"{Marker}{id}:{column.Name}");
        var names = string.Join(", ", snapshot.Columns.Select(c => $"{Inner(c)} AS {SqlText.Identifier(c.Name)}"));
        var nulls = string.Join(", ", snapshot.Columns.Select(c => $"CAST(NULL AS {c.Type}) AS {Inner(c)}"));
        return $"SELECT {names} FROM (SELECT '{Marker}{id}' AS \"{Marker}\", {nulls})";
    }

    /// <summary>Of a column's name in <see cref="Shape"/> the table's number and the column; null: it is another name.</summary>
    public static (int Table, string Column)? ColumnOf(string? name) =>
        name is not null && name.StartsWith(Marker, StringComparison.Ordinal) && name.IndexOf(':', Marker.Length) is > 0 and var end && int.TryParse(name.AsSpan(Marker.Length, end - Marker.Length), out var id)
            ? (id, name[(end + 1)..])
            : null;

    /// <summary>A table that is not to be read.</summary>
    public static string Failing(TableSnapshot snapshot, string problem) => $"SELECT {Nulls(snapshot)} FROM (SELECT 1) WHERE error({SqlText.Text(problem)}) IS NULL";

    /// <param name="table">The table.</param>
    /// <param name="snapshot">What of it is shown.</param>
    /// <param name="files">The files to read: all of the snapshot, or those that pruning left.</param>
    /// <param name="merged">What logs make of them; null where there are none.</param>
    /// <param name="cancellationToken">Ends the reading of footers.</param>
    public async ValueTask<string> SelectAsync(LakehouseTable table, TableSnapshot snapshot, IReadOnlyList<BaseFile> files, MergedRows? merged, CancellationToken cancellationToken)
    {
        if (files.Count == 0 && merged is null)
        {
            return $"SELECT {Nulls(snapshot)} FROM (SELECT 1) WHERE FALSE";
        }

        // DuckDB scans the files; of those that logs change it leaves out the changed rows, which stand in the merged rows.
        var facts = await footers.GetAsync(table, files, cancellationToken);
        var selects = files.Zip(facts).GroupBy(f => (f.Second.Schema, IsChanged: merged?.Touch(table, f.First) == true))
            .Select(g => Select(table, snapshot, g.Key.Schema, [.. g.Select(f => f.First)], g.Key.IsChanged ? merged : null));
        return string.Join(" UNION ALL ", merged is null ? selects : selects.Append(Select(snapshot, merged)));
    }

    private static string Select(TableSnapshot snapshot, MergedRows merged)
    {
        var columns = snapshot.Plan.Output.FieldsList.Zip(snapshot.Columns, (field, wanted) =>
        {
            var name = SqlText.Identifier(field.Name);
            var avro = snapshot.Plan.Schema.Root.Fields.FirstOrDefault(f => f.Name == field.Name);
            return merged.Columns.FirstOrDefault(c => c.Name == field.Name) is { } found
                ? $"{ColumnExpression.Convert(name, found.Type, wanted.Type, avro?.Type, field.Name, merged.Table)} AS {name}"
                : $"CAST(error({SqlText.Text($"The column {field.Name} was not expected to be read")}) AS {wanted.Type}) AS {name}";
        });
        return Where($"SELECT {string.Join(", ", columns)} FROM {merged.Table}", snapshot.RowsWhere());
    }

    private static string Nulls(TableSnapshot snapshot) => string.Join(", ", snapshot.Columns.Select(c => $"CAST(NULL AS {c.Type}) AS {SqlText.Identifier(c.Name)}"));

    private string Select(LakehouseTable table, TableSnapshot snapshot, FileSchema schema, IReadOnlyList<BaseFile> files, MergedRows? merged)
    {
        var first = files[0].Path;
        try
        {
            // Refuses what a read refuses, by the same rules.
            SchemaProjection.Create(schema.Arrow, snapshot.Plan.Output, snapshot.Plan.Schema, first);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, e.Table, first, e.Instant, e.Remedy, e);
        }

        schema.Columns ??= session.Describe(Read([DuckPath.Of(table, first)]));
        var columns = new List<string>();
        foreach (var (field, wanted) in snapshot.Plan.Output.FieldsList.Zip(snapshot.Columns))
        {
            var avro = snapshot.Plan.Schema.Root.Fields.FirstOrDefault(f => f.Name == field.Name);
            var name = SqlText.Identifier(field.Name);
            var found = schema.Columns.FirstOrDefault(c => c.Name == field.Name);
            var value = found is not null ? ColumnExpression.Convert(name, found.Type, wanted.Type, avro?.Type, field.Name, first)
                : FromPath(table, snapshot, field.Name, wanted.Type, files) ?? DefaultValue.Sql(avro, wanted.Type, field.Name);
            columns.Add(value == name ? name : $"{value} AS {name}");
        }

        IReadOnlyList<string> paths = [.. files.Select(f => DuckPath.Of(table, f.Path))];
        var select = $"SELECT {string.Join(", ", columns)} FROM {(merged is null ? Read(paths) : Changed(paths, merged))}";
        return Where(select, merged is null ? null : Stands, snapshot.RowsWhere());
    }

    private static string Where(string select, params ReadOnlySpan<string?> conditions) =>
        string.Join(" AND ", conditions.ToArray().OfType<string>()) is { Length: > 0 } all ? $"{select} WHERE {all}" : select;

    /// <summary>
    /// The value of a partition column that the files do not hold (hoodie.datasource.write.drop.partition.columns), by the file's name: DuckDB works such an expression out once a file, and
    /// drops files by it before it opens them. Null where the paths do not tell it.
    /// </summary>
    private static string? FromPath(LakehouseTable table, TableSnapshot snapshot, string column, DuckType type, IReadOnlyList<BaseFile> files)
    {
        var names = new List<string>();
        var values = new List<string>();
        foreach (var file in files)
        {
            if (snapshot.Plan.Partitions.Of(file.PartitionPath).TryGetValue(column, out var value))
            {
                names.Add(SqlText.Text(FetchedFiles.PathOf(table, file.Path)));
                values.Add(Literal(value));
            }
        }

        return names.Count == 0 ? null : $"CAST(MAP {{{string.Join(", ", names.Zip(values, (n, v) => $"{n}: {v}"))}}}[filename] AS {type})";
    }

    private static string Literal(IArrowArray value) => SqlText.Value(value switch
    {
        StringArray a => a.GetString(0),
        Int32Array a => a.GetValue(0),
        Int64Array a => a.GetValue(0),
        BooleanArray a => a.GetValue(0),
        Date32Array a => a.GetDateOnly(0),
        _ => throw new InvalidOperationException(FromPathLimit + ": " + value.Data.DataType.Name),
    });

    // A bit a row: an anti-join with the changed positions would look up each row of the files in a hash table of them. By the file's name, since the number that DuckDB gives a file is
    // that of the files which a condition on it has left.
    private static string Changed(IReadOnlyList<string> paths, MergedRows merged) =>
        $"{Read(paths, $", filename = {SqlText.Text(StoredFile)}, file_row_number = true")} AS stored JOIN {merged.Changes} AS changed ON stored.{SqlText.Identifier(StoredFile)} = changed.{SqlText.Identifier(MergedRows.File)}";

    // Without hive_partitioning=false DuckDB would put what a folder's name says in the place of the file's column.
    private static string Read(IReadOnlyList<string> paths, string options = "") =>
        $"read_parquet([{string.Join(", ", paths.Select(SqlText.Text))}], hive_partitioning = false, union_by_name = false{options})";
}
