using System.CommandLine;
using Apache.Arrow;
using OllaLab.Lakehouse.Cli.Input;
using OllaLab.Lakehouse.Cli.Output;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse write</c></summary>
internal static class WriteCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var operation = new Option<string>("--operation") { Description = "upsert|insert|delete|bulk_insert|insert_overwrite|insert_overwrite_table", HelpName = "OPERATION", DefaultValueFactory = _ => "upsert" };
        operation.AcceptOnlyFromAmong("upsert", "insert", "delete", "bulk_insert", "insert_overwrite", "insert_overwrite_table");
        var input = new InputOptions();
        var index = new Option<string?>("--index") { Description = "simple, bloom, global_simple, global_bloom or bucket; default: the table's", HelpName = "INDEX" };
        var evolve = new Option<bool>("--evolve") { Description = "Lets the input change the table's columns: new ones are added, numbers widened" };
        var columns = new Option<string?>("--columns") { Description = "The columns of a text input as in Spark's CREATE TABLE; default: the table's. Parquet files have their own", HelpName = "DDL" };
        var metadata = CommonOptions.KeyValues("--metadata", "An entry of your own for the commit's metadata");
        var options = CommonOptions.KeyValues("--option", "A write setting by Hudi's own name, as in hoodie.parquet.max.file.size=134217728");
        var memory = MemoryOption.Make("write");
        var command = new Command("write", "Writes rows to a table in one commit.") { table, operation };
        input.AddTo(command);
        command.Add(index);
        command.Add(evolve);
        command.Add(columns);
        command.Add(metadata);
        command.Add(options);
        command.Add(memory);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (file, format, delimiter) = input.Read(parsed);
            var pairs = CommonOptions.Pairs("--option", parsed.GetValue(options));
            var resources = MemoryOption.Resources(parsed.GetValue(memory), parsed);
            var write = WriteProperties.Read(pairs, parsed.GetValue(index), CommonOptions.Pairs("--metadata", parsed.GetValue(metadata)), parsed.GetValue(evolve));
            await using var opened = await TableLocation.OpenAsync(parsed.GetRequiredValue(table), resources, cancellationToken);
            var kind = parsed.GetValue(operation) switch
            {
                "insert" => WriteOperation.Insert,
                "delete" => WriteOperation.Delete,
                "bulk_insert" => WriteOperation.BulkInsert,
                "insert_overwrite" => WriteOperation.InsertOverwrite,
                "insert_overwrite_table" => WriteOperation.InsertOverwriteTable,
                _ => WriteOperation.Upsert,
            };
            var schema = parsed.GetValue(columns) is { } ddl
                ? TableSchema.FromDdl(ddl, opened.Name).Arrow
                : (await (await opened.RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Arrow;
            var taken = new InputProgress();
            var rows = InputFiles.ReadAsync(file, format, delimiter, kind == WriteOperation.Delete ? Nullable(schema) : schema, taken, context, cancellationToken);
            WriteResult result;
            await using (ProgressLine.Start(parsed, common, context, () => Text(write.Progress!, taken)))
            {
                result = await opened.WriteAsync(kind, rows, write, cancellationToken);
            }

            await PrintAsync(result, parsed.GetValue(common.Json), context, cancellationToken);
            if (!parsed.GetValue(common.Json) && result.Compactions.Count > 0)
            {
                await CompactionOutput.WriteAsync(result.Compactions, json: false, context, cancellationToken);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    internal static string Text(WriteProgress progress, InputProgress input) => progress.Stage switch
    {
        WriteStage.Writing => $"Writing: {ProgressLine.Rows(progress.Read)} read, {ProgressLine.Rows(progress.Written)} in new files",
        WriteStage.LookingUpKeys => $"Looking up the keys of {ProgressLine.Rows(progress.Read)}",
        _ => $"Reading: {ProgressLine.Rows(progress.Read)}{ProgressLine.Bar(input.Done, input.Total)}",
    };

    /// <summary>A delete needs the keys only: other columns may be missing.</summary>
    private static Schema Nullable(Schema schema) => new(schema.FieldsList.Select(f => new Field(f.Name, f.DataType, true)), null);

    internal static async Task PrintAsync(WriteResult result, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (json)
        {
            var listing = new Listing("instant", "completion_time", "input_rows", "inserted", "updated", "deleted", "files_written", "bytes_written", "file_groups_replaced", "rolled_back", "compactions");
            listing.Add(result.Instant, result.CompletionTime, result.InputRows, result.Inserted, result.Updated, result.Deleted, result.FilesWritten, result.BytesWritten, result.FileGroupsReplaced, string.Join(',', result.RolledBack), string.Join(',', result.Compactions.Select(c => c.Instant)));
            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        foreach (var dead in result.RolledBack)
        {
            context.Error.WriteLine($"Rolled back {dead}, which a writer left unfinished.");
        }

        context.Error.WriteLine(result.Instant is null
            ? $"Nothing to write ({result.InputRows} rows read)."
            : $"Commit {result.Instant}: {result.InputRows} rows read, {result.Inserted} inserted, {result.Updated} updated, {result.Deleted} deleted; {result.FilesWritten} files, {result.BytesWritten} bytes{(result.FileGroupsReplaced > 0 ? $"; {result.FileGroupsReplaced} file groups replaced" : string.Empty)}.");
    }
}
