using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse upgrade</c> and <c>lakehouse downgrade</c></summary>
internal static class UpgradeCommand
{
    public static Command Make(CommonOptions common, CommandContext context) => Make("upgrade", "Brings a table to a newer table version.", 9, (from, to) => to >= from, common, context);

    public static Command MakeDown(CommonOptions common, CommandContext context) => Make("downgrade", "Brings a table to an older table version, for releases of Hudi that read no newer one.", 8, (from, to) => to <= from, common, context);

    private static Command Make(string name, string description, int otherwise, Func<int, int, bool> isAllowed, CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var to = new Option<int>("--to") { Description = "The table version: 9, 8 or 6", HelpName = "VERSION", DefaultValueFactory = _ => otherwise };
        var fields = new Option<string?>("--partition-fields") { Description = "Of a version 6 table with custom keys its partition fields with their types, as in city:SIMPLE,ts:TIMESTAMP" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be done" };
        var command = new Command(name, description + " Stop other writers before.") { table, to, fields, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            int version = parsed.GetValue(to);
            if (!isAllowed(opened.TableVersion, version))
            {
                throw new UsageException($"The table has version {opened.TableVersion}: {(name == "upgrade" ? "downgrade" : "upgrade")} it to {version}");
            }

            var done = await opened.UpgradeAsync(version, new UpgradeOptions { DryRun = parsed.GetValue(dryRun), PartitionFields = parsed.GetValue(fields) }, cancellationToken);
            if (parsed.GetValue(common.Json))
            {
                var listing = new Listing("from", "to", "rolled_back", "compacted", "timeline_files", "archived_instants", "drops_metadata_table", "properties");
                listing.Add(done.From, done.To, string.Join(',', done.RolledBack), string.Join(',', done.Compacted), done.TimelineFiles, done.ArchivedInstants, done.DropsMetadataTable, string.Join(',', done.Properties.Select(p => $"{p.Key}={p.Value}")));
                await listing.WriteAsync(context, json: true, cancellationToken);
                return ExitCodes.Done;
            }

            context.Error.WriteLine($"{(parsed.GetValue(dryRun) ? "Would bring" : "Brought")} the table from version {done.From} to {done.To}: {done.RolledBack.Count} writes rolled back, {done.Compacted.Count} compactions, "
                + $"{done.TimelineFiles} timeline files and {done.ArchivedInstants} archived instants in the other layout{(done.DropsMetadataTable ? ", the metadata table dropped" : string.Empty)}.");
            var properties = new Listing("property", "value");
            foreach (var (key, value) in done.Properties)
            {
                properties.Add(key, value ?? "(removed)");
            }

            await properties.WriteAsync(context, json: false, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
