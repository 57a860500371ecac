using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Records of column_stats and partition_stats from what is known of files.</summary>
internal static class ColumnStatsRecords
{
    /// <summary>
    /// The records of one file (type 3), one for each column that it has. Spark takes a column without bounds, or without a record beside records of others, for one of nulls, and Hudi makes the
    /// statistics of a partition of those records that there are: so a column whose bounds are not known is given the widest.
    /// </summary>
    /// <param name="fileName">The file's bare name.</param>
    /// <param name="bounds">From its writer, or its footer; none: nothing is known of any column.</param>
    /// <param name="columns">The columns that are indexed.</param>
    /// <param name="version">Of the index: <see cref="IndexDefinitions.VersionOf"/>.</param>
    public static IReadOnlyList<ColumnStatsPayload> OfFile(string fileName, IReadOnlyList<ColumnBounds> bounds, IReadOnlyList<ColumnStatsColumn> columns, int version)
    {
        var known = bounds.Count > 0 ? bounds.ToDictionary(b => b.Column) : columns.ToDictionary(c => c.Name, c => new ColumnBounds(c.Name, null, null, 2, null, 0, 0));
        return
        [
            .. columns.Where(c => known.ContainsKey(c.Name)).Select(c => (c.Type, Record: Of(MetadataRecordType.ColumnStats, fileName, known[c.Name], c, version)))
                .Select(r => r.Record.Min is null && r.Record.NullCount != r.Record.ValueCount ? Widest(r.Record, r.Type, version) : r.Record),
        ];
    }

    /// <summary>
    /// The records of a partition (type 6): over all files of its latest slices, base files and logs. They are tight: they take the place of what was stored
    /// (HoodieTableMetadataUtil.convertMetadataToPartitionStatRecords). Spark leaves out partitions without a record: what is not known is given the widest bounds.
    /// </summary>
    /// <param name="partitionPath">The partition.</param>
    /// <param name="files">Of each file its bounds. A column that one of them lacks is not known: its rows may hold a default there.</param>
    /// <param name="columns">The columns that are indexed.</param>
    /// <param name="version">Of the index.</param>
    public static IReadOnlyList<ColumnStatsPayload> OfPartition(
        string partitionPath, IReadOnlyCollection<IReadOnlyList<ColumnBounds>> files, IReadOnlyList<ColumnStatsColumn> columns, int version)
    {
        var records = new List<ColumnStatsPayload>();
        foreach (var column in columns)
        {
            var whole = new ColumnBounds(column.Name, null, null, 0, 0, 0, 0);
            var everywhere = true;
            foreach (var file in files)
            {
                var known = file.FirstOrDefault(b => b.Column == column.Name);
                whole = known is null ? whole : whole.With(known);
                everywhere &= known is not null;
            }

            var record = Of(MetadataRecordType.PartitionStats, partitionPath, whole, column, version) with { IsTightBound = true };
            records.Add(everywhere && (record.Min is not null || record.NullCount == record.ValueCount) ? record : Widest(record, column.Type, version));
        }

        return records;
    }

    private static ColumnStatsPayload Widest(ColumnStatsPayload record, AvroType type, int version)
    {
        var (min, max) = BoundForms.Widest(type);

        // A partition of unknown rows may hold nulls and values.
        return record with
        {
            Min = BoundForms.Wrap(min, type, version),
            Max = BoundForms.Wrap(max, type, version),
            ValueCount = Math.Max(2, record.ValueCount ?? 0),
            NullCount = Math.Clamp(record.NullCount ?? 1, 1, Math.Max(1, (record.ValueCount ?? 2) - 1)),
            ValueType = version == 1 ? null : BoundForms.ValueType(type.Kind),
            ValueTypeInfo = version > 1 ? BoundForms.TypeInfo(type) : null,
        };
    }

    private static ColumnStatsPayload Of(MetadataRecordType type, string name, ColumnBounds bounds, ColumnStatsColumn column, int version)
    {
        // Where there is a NaN: Hudi 1.2 leaves a file out whose greatest value is NaN, whatever is asked for, and believes infinities.
        var (low, high) = bounds.IsOpen && column.Type.Kind is AvroKind.Float or AvroKind.Double ? BoundForms.Widest(column.Type) : (bounds.Min, bounds.Max);
        var (min, max) = (BoundForms.Wrap(low, column.Type, version), BoundForms.Wrap(high, column.Type, version));
        var known = min is not null && max is not null;
        var typed = version > 1 && bounds.ValueCount > 0;
        return new ColumnStatsPayload(type, name, column.Name)
        {
            Min = known ? min : null,
            Max = known ? max : null,
            ValueCount = bounds.ValueCount,
            NullCount = bounds.NullCount,
            TotalSize = bounds.TotalSize,
            TotalUncompressedSize = bounds.TotalUncompressedSize,
            ValueType = version == 1 ? null : typed ? BoundForms.ValueType(column.Type.Kind) : BoundForms.NullType,
            ValueTypeInfo = typed ? BoundForms.TypeInfo(column.Type) : null,
        };
    }
}
