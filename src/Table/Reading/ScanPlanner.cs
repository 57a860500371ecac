using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Metadata;
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

        if (options.ReadOptimized && options.IsIncremental)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "An incremental read has no read optimized form", remedy: "Leave out ReadOptimized, or Begin and End");
        }

        var asOf = options.AsOf is { } text ? state.Timeline.AsOf(text) : null;
        if (asOf is not null)
        {
            await CleanedHistory.RefuseAsync(state, asOf, cancellationToken);
        }

        var schema = await state.GetSchemaAsync(asOf, cancellationToken);
        var (slices, commits) = options.IsIncremental
            ? await IncrementalQuery.FindAsync(state, options.Begin, options.End, cancellationToken)
            : (await state.View.GetAllSlicesAsync(asOf, cancellationToken), null);
        if (options.ReadOptimized)
        {
            slices = [.. slices.Where(s => s.Base is not null).Select(s => s with { Logs = [] })];
        }

        bool isLatest = asOf is null && !options.IsIncremental && !options.ReadOptimized;
        var all = AllColumns(state.Config, schema, options.PartitionColumns);
        var output = Columns(all, options.Columns);
        var read = ColumnsToRead(all, output, options.Where, commits is not null);
        var where = options.Where?.Bind(read);
        var partitions = new PartitionValues(state.Config, schema);
        IReadOnlyList<FileSlice> kept = where is null ? slices : [.. slices.Where(s => where.MightMatch(new PathStatistics(partitions.Of(s.PartitionPath))))];
        if (where is not null && kept.Count > 0 && await state.GetMetadataAsync() is { } metadata)
        {
            // What is stored of files of older columns is of other names and types.
            var current = kept.Where(s => schema.Evolution?.IsCurrentSince(s.BaseInstant) != false).ToList();
            var matching = (await new DataSkipping(metadata, state.Config, schema, isLatest).KeepAsync(options.Where!, where, current, cancellationToken)).ToHashSet();
            kept = [.. kept.Where(s => matching.Contains(s) || schema.Evolution?.IsCurrentSince(s.BaseInstant) == false)];
        }

        return new ScanPlan
        {
            State = state,
            Schema = schema,
            IsLatest = isLatest,
            Output = output,
            Read = new SliceRead(schema, read, where, options.BatchRows) { Logs = new LogInstants(state.Timeline, asOf, commits?.Range) },
            Slices = kept,
            SlicesBeforePruning = slices.Count,
            Partitions = partitions,
            EncodedColumns = EncodedColumns(state.Config, output, options),
            Where = where,
            Commits = commits,
            Limit = options.Limit,
        };
    }

    // The columns that a table shows: without meta columns where they are not filled.
    private static Schema AllColumns(TableConfig config, TableSchema schema, PartitionColumnForm form)
    {
        var columns = config.PopulateMetaFields ? schema.ArrowWithMeta : schema.Arrow;
        if (form == PartitionColumnForm.Stored || config.KeyGeneratorType != KeyGeneratorType.Timestamp)
        {
            return columns;
        }

        var partition = config.PartitionFields.Select(f => f.Name).ToHashSet();
        return new Schema([.. columns.FieldsList.Select(f => partition.Contains(f.Name) ? new Field(f.Name, StringType.Default, f.IsNullable) : f)], null);
    }

    // Spark's incremental relation takes partition values from the path and does not decode them.
    private static IReadOnlyList<(int Column, int Segment)> EncodedColumns(TableConfig config, Schema output, ReadOptions options)
    {
        if (options.PartitionColumns == PartitionColumnForm.Stored || !options.IsIncremental || !config.UrlEncode)
        {
            return [];
        }

        return [.. config.PartitionFields.Select((f, i) => (Column: output.GetFieldIndex(f.Name), Segment: i)).Where(c => c.Column >= 0 && output.FieldsList[c.Column].DataType is StringType)];
    }

    private static Schema Columns(Schema all, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return all;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return new Schema([.. names.Select(n => seen.Add(n) ? Find(all, n) : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column '{n}' is asked for twice"))], null);
    }

    private static Field Find(Schema all, string name) => all.FieldsList.FirstOrDefault(f => f.Name == name)
        ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"There is no column '{name}'", remedy: $"Name one of {string.Join(", ", all.FieldsList.Select(f => f.Name))}");

    private static Schema ColumnsToRead(Schema all, Schema output, Predicate? where, bool incremental)
    {
        var needed = where?.TopLevelColumns(all).ToHashSet() ?? [];
        if (incremental)
        {
            needed.Add(MetaColumns.CommitTime);
        }

        needed.ExceptWith(output.FieldsList.Select(f => f.Name));
        return needed.Count == 0 ? output : new Schema([.. output.FieldsList, .. needed.Select(n => Find(all, n))], null);
    }
}
