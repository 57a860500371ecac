using System.CommandLine;
using OllaLab.Lakehouse.Cli.Input;
using OllaLab.Lakehouse.Cli.Output;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse create</c></summary>
internal static class CreateCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var name = new Option<string?>("--name") { Description = "The table's name; default: its folder's", HelpName = "N" };
        var type = new Option<string>("--type") { Description = "cow (copy-on-write) or mor (merge-on-read: changes are logged beside the base files)", HelpName = "TYPE", DefaultValueFactory = _ => "cow" };
        var schema = new Option<string?>("--schema") { Description = "Columns, as in \"id string, ts bigint, amount decimal(12,2), tags array<string>\"", HelpName = "COLUMNS" };
        var like = new Option<string?>("--like") { Description = "Take the columns of a Parquet file", HelpName = "FILE" };
        var key = CommonOptions.List("--key", "Columns of the record key; without, keys are generated", "COLUMNS");
        var partition = CommonOptions.List("--partition", "Partition columns, as in city or day:timestamp", "COLUMNS");
        var ordering = CommonOptions.List("--ordering", "Of two rows with one key the one greater in these columns is the newer", "COLUMNS");
        var version = new Option<int>("--table-version") { Description = "Hudi's table version: 9, 8 or 6", HelpName = "N", DefaultValueFactory = _ => 9 };
        var index = new Option<string?>("--index") { Description = "simple, bloom, global_simple, global_bloom or bucket: how writes find stored keys", HelpName = "INDEX" };
        var options = CommonOptions.KeyValues("--option", "A further property by Hudi's own name");
        var command = new Command("create", "Creates an empty table.") { table, name, type, schema, like, key, partition, ordering, version, index, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(table);
            var kind = parsed.GetValue(type) switch
            {
                "cow" => TableType.CopyOnWrite,
                "mor" => TableType.MergeOnRead,
                var other => throw new UsageException($"--type {other} is neither cow nor mor"),
            };

            if (parsed.GetValue(schema) is null == parsed.GetValue(like) is null)
            {
                throw new UsageException("Give the columns either with --schema or with --like");
            }

            var choice = TableProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options)));
            var made = new TableOptions
            {
                Name = parsed.GetValue(name),
                Type = kind,
                Keys = CommonOptions.Split(parsed.GetValue(key)),
                Partitions = CommonOptions.Split(parsed.GetValue(partition)),
                Ordering = CommonOptions.Split(parsed.GetValue(ordering)),
                TableVersion = parsed.GetValue(version),
                Index = parsed.GetValue(index) is { } i ? WriteProperties.Index(i) : choice.Index,
                MergeMode = choice.MergeMode,
                KeyGenerator = choice.KeyGenerator,
                HiveStylePartitioning = choice.HiveStyle,
                UrlEncodePartitioning = choice.UrlEncode,
                PopulateMetaFields = choice.PopulateMetaFields,
                CdcLogging = choice.Cdc ? choice.CdcLogging : null,
                Properties = choice.Others,
            };
            var store = TableLocation.Store(path);
            var columns = parsed.GetValue(schema) is { } ddl
                ? TableSchema.FromDdl(ddl, LakehouseTable.NameOf(store, made))
                : TableSchema.FromArrow(await InputFiles.ReadSchemaAsync(parsed.GetValue(like)!, context, cancellationToken), LakehouseTable.NameOf(store, made));
            await using var created = await LakehouseTable.CreateAsync(store, columns, made, null, cancellationToken);
            if (parsed.GetValue(common.Json))
            {
                var listing = new Listing("table", "name", "version");
                listing.Add(created.Location, created.Name, created.TableVersion);
                await listing.WriteAsync(context, json: true, cancellationToken);
            }
            else
            {
                context.Error.WriteLine($"Created {created.Name} (version {created.TableVersion}) in {created.Location}.");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
