using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Which columns column_stats has records of (HoodieTableMetadataUtil.getColumnsToIndex).</summary>
internal static class ColumnStatsColumns
{
    /// <summary>hoodie.metadata.index.column.stats.max.columns.to.index.</summary>
    public const int DefaultMost = 32;

    /// <summary>Added first, whatever else is indexed, and not counted.</summary>
    private static readonly string[] Meta = [MetaColumns.CommitTime, MetaColumns.PartitionPath, MetaColumns.RecordKey];

    private static readonly AvroType Text = new(AvroKind.String) { Nullable = true };

    /// <param name="config">The table.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="list">The columns asked for (hoodie.metadata.index.column.stats.column.list, or what the index's definition says), dotted where nested; null: the first ones.</param>
    /// <param name="most">How many at most without a list.</param>
    /// <param name="indexVersion">The version of the index; null: that of a new one.</param>
    /// <returns>Those that have an order and are in the schema, in the order in which Hudi lists them.</returns>
    public static IReadOnlyList<ColumnStatsColumn> Of(TableConfig config, TableSchema schema, IReadOnlyList<string>? list = null, int most = DefaultMost, int? indexVersion = null)
    {
        int version = indexVersion ?? IndexDefinitions.NewVersion(config);
        var meta = config.PopulateMetaFields ? Meta.Select(name => new ColumnStatsColumn(name, Text)) : [];
        var data = list is null
            ? schema.Root.Fields.Select(f => new ColumnStatsColumn(f.Name, f.Type)).Where(c => IsSupported(c.Type, version)).Take(most)
            : list.Where(name => !MetaColumns.Contains(name)).Distinct().Select(name => Find(schema, name)).OfType<ColumnStatsColumn>().Where(c => IsSupported(c.Type, version));
        return [.. meta, .. data];
    }

    /// <summary>
    /// What Hudi 0.15 indexes: the meta columns and all others that have an order. None where it stores decimals that do not fit its form: a file without some of the records that others have
    /// would be passed over, one without any is not.
    /// </summary>
    public static IReadOnlyList<ColumnStatsColumn> All(TableSchema schema)
    {
        var columns = schema.Root.Fields.Select(f => new ColumnStatsColumn(f.Name, f.Type)).Where(c => c.Type.Kind == AvroKind.Decimal || IsSupported(c.Type, 1)).ToList();
        return columns.Exists(c => !IsSupported(c.Type, 1)) ? [] : [.. MetaColumns.Names.Select(name => new ColumnStatsColumn(name, Text)), .. columns];
    }

    /// <summary>A column, or a field in records; null where there is none of the name.</summary>
    public static ColumnStatsColumn? Find(TableSchema schema, string name)
    {
        if (MetaColumns.Contains(name))
        {
            return new ColumnStatsColumn(name, Text);
        }

        var type = schema.Root;
        foreach (var step in name.Split('.'))
        {
            if (type.Kind != AvroKind.Record || type.Fields.FirstOrDefault(f => f.Name == step)?.Type is not { } inner)
            {
                return null;
            }

            type = inner;
        }

        return new ColumnStatsColumn(name, type);
    }

    // Version 1 stores decimals as decimal(30,15): what does not fit is left out (HoodieTableMetadataUtil.isColumnTypeSupported).
    private static bool IsSupported(AvroType type, int version) => type.Kind switch
    {
        AvroKind.Record or AvroKind.Array or AvroKind.Map or AvroKind.Enum or AvroKind.Union or AvroKind.Null => false,
        AvroKind.Decimal when version == 1 => type.Scale <= BoundForms.DecimalScale && type.Precision + BoundForms.DecimalScale - type.Scale <= BoundForms.DecimalPrecision,
        _ => true,
    };
}
