using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Creates an empty table on the local disk and opens it.</summary>
    /// <param name="path">The table's folder; made if it is not there. It must not hold a table.</param>
    /// <param name="schema">The data columns.</param>
    /// <param name="table">Keys, partitions and so on.</param>
    /// <param name="options">Resources; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.AlreadyExists"/>; <see cref="LakehouseErrorKind.InvalidInput"/>: options or schema contradict one another, or the folder lies inside another table's.</exception>
    public static Task<LakehouseTable> CreateAsync(
        string path, Apache.Arrow.Schema schema, TableOptions table, LakehouseOptions? options = null, CancellationToken cancellationToken = default) =>
        CreateAsync(new LocalObjectStore(path), schema, table, options, cancellationToken);

    /// <summary>Creates an empty table on any storage and opens it.</summary>
    /// <param name="store">Storage whose root is the table's folder.</param>
    /// <param name="schema">The data columns.</param>
    /// <param name="table">Keys, partitions and so on.</param>
    /// <param name="options">Resources; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.AlreadyExists"/>; <see cref="LakehouseErrorKind.InvalidInput"/>: options or schema contradict one another.</exception>
    public static Task<LakehouseTable> CreateAsync(
        IObjectStore store, Apache.Arrow.Schema schema, TableOptions table, LakehouseOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(table);
        return CreateAsync(store, TableSchema.FromArrow(schema, NameOf(store, table)), table, options, cancellationToken);
    }

    internal static async Task<LakehouseTable> CreateAsync(
        IObjectStore store, TableSchema schema, TableOptions table, LakehouseOptions? options, CancellationToken cancellationToken)
    {
        options ??= new LakehouseOptions();
        TableOptionsCheck.Run(table, schema);
        await OuterTable.RefuseAsync(store, cancellationToken);
        var extra = table.Properties.Where(p => !p.Key.StartsWith(ConfigKeys.TimeBasedPrefix, StringComparison.Ordinal)).ToDictionary();
        if (table.Index is { } index)
        {
            extra[Indexing.Indexes.TypeOption] = Writing.TableIndex.NameOf(index);
        }

        var created = new NewTable
        {
            Name = NameOf(store, table),
            Version = table.TableVersion,
            Type = table.Type,
            RecordKeyFields = table.Keys,
            PartitionFields = [.. table.Partitions.Select(TableOptionsCheck.PartitionField)],
            OrderingFields = table.Ordering,
            MergeMode = table.MergeMode,
            KeyGenerator = table.KeyGenerator,
            TimeBasedKeyProperties = table.Properties.Where(p => p.Key.StartsWith(ConfigKeys.TimeBasedPrefix, StringComparison.Ordinal)).ToDictionary(),
            HiveStyle = table.HiveStylePartitioning,
            UrlEncode = table.UrlEncodePartitioning,
            PopulateMetaFields = table.PopulateMetaFields,
            CdcLogging = table.CdcLogging,
            CreateSchema = schema.ToAvroJson(withMetaColumns: false),
            Extra = extra,
        };
        await TableConfigFile.CreateAsync(store, created, options.Environment, cancellationToken);
        return await OpenAsync(store, options, cancellationToken);
    }

    internal static string NameOf(IObjectStore store, TableOptions table) =>
        table.Name is { Length: > 0 } name ? name : store.Root.TrimEnd('/', '\\').Split('/', '\\')[^1];
}
