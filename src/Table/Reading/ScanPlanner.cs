using Apache.Arrow;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>Works out what a query has to read.</summary>
internal static class ScanPlanner
{
    public static async ValueTask<ScanPlan> PlanAsync(TableState state, ReadOptions options, CancellationToken cancellationToken)
    {
        if (options.AsOf is not null && options.IsIncremental)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A read is either as of a time or of a range of commits, not both", remedy: "Leave out AsOf, or Begin and End");
        }

        var asOf = options.AsOf is { } text ? state.Timeline.AsOf(text) : null;
        var schema = await state.GetSchemaAsync(asOf, cancellationToken);
        var (slices, commits) = options.IsIncremental
            ? await IncrementalQuery.FindAsync(state, options.Begin, options.End, cancellationToken)
            : (await state.View.GetAllSlicesAsync(asOf, cancellationToken), null);
        var output = Columns(schema, options.Columns);
        var read = ColumnsToRead(schema, output, options.Where, commits is not null);
        var where = options.Where?.Bind(read);
        var partitions = new PartitionValues(state.Config, schema);
        var kept = where is null ? slices : [.. slices.Where(s => where.MightMatch(new PathStatistics(partitions.Of(s.PartitionPath))))];
        return new ScanPlan
        {
            State = state,
            Schema = schema,
            Output = output,
            Read = new SliceRead(schema, read, where, options.BatchRows),
            Slices = kept,
            SlicesBeforePruning = slices.Count,
            Partitions = partitions,
            Where = where,
            Commits = commits,
            Limit = options.Limit,
        };
    }

    private static Schema Columns(TableSchema schema, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return schema.ArrowWithMeta;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return new Schema([.. names.Select(n => seen.Add(n) ? Find(schema, n) : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column '{n}' is asked for twice"))], null);
    }

    private static Field Find(TableSchema schema, string name) => schema.ArrowWithMeta.FieldsList.FirstOrDefault(f => f.Name == name)
        ?? throw new LakehouseException(
            LakehouseErrorKind.InvalidInput, $"There is no column '{name}'", remedy: $"Name one of {string.Join(", ", schema.ArrowWithMeta.FieldsList.Select(f => f.Name))}");

    private static Schema ColumnsToRead(TableSchema schema, Schema output, Predicate? where, bool incremental)
    {
        var needed = where?.TopLevelColumns(schema.ArrowWithMeta).ToHashSet() ?? [];
        if (incremental)
        {
            needed.Add(MetaColumns.CommitTime);
        }

        needed.ExceptWith(output.FieldsList.Select(f => f.Name));
        return needed.Count == 0 ? output : new Schema([.. output.FieldsList, .. needed.Select(n => Find(schema, n))], null);
    }

    private sealed class PathStatistics(IReadOnlyDictionary<string, IArrowArray> values) : IColumnStatistics
    {
        public ColumnRange? Find(string column) => values.TryGetValue(column, out var value) ? ColumnRange.Constant(value) : null;
    }
}
