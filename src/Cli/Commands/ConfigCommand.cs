using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse config</c></summary>
internal static class ConfigCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var command = new Command("config", "Lists the properties stored in a table (.hoodie/hoodie.properties).") { table };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var listing = new Listing("property", "value");
            foreach (var (key, value) in opened.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                listing.Add(key, value);
            }

            await listing.WriteAsync(context, parsed.GetValue(common.Json), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
