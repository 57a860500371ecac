using System.CommandLine;
using System.Text;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse schema</c></summary>
internal static class SchemaCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var command = new Command("schema", "Shows a table's columns, in the form that create --schema takes; with --json as Avro, as the table stores them.") { table };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var schema = await (await opened.RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken);
            await using var stream = OutputStream.Open(context, null);
            var text = parsed.GetValue(common.Json) ? schema.ToAvroJson(withMetaColumns: false) : schema.ToDdl();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text.TrimEnd() + "\n"), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
