using System.CommandLine;
using OllaLab.Lakehouse.Cli.Input;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse merge</c></summary>
internal static class MergeCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var input = new InputOptions();
        var columns = new Option<string?>("--columns") { Description = "The columns of a text input as in Spark's CREATE TABLE; default: the table's. Parquet files have their own", HelpName = "DDL" };
        var delete = Clause("--delete-matched", "Delete rows whose key is stored");
        var update = Clause("--update-matched", "Set the columns of rows whose key is stored to the input's");
        var insert = Clause("--insert", "Insert rows whose key is not stored");
        var metadata = CommonOptions.KeyValues("--metadata", "An entry of your own for the commit's metadata");
        var options = CommonOptions.KeyValues("--option", "A write setting by Hudi's own name, as in hoodie.parquet.max.file.size=134217728");
        var memory = MemoryOption.Make("merge");
        var command = new Command("merge", "Merges rows into a table by its key, in one commit: of --delete-matched, --update-matched and --insert the first whose condition holds applies to a row. Conditions name the columns source.NAME and target.NAME.") { table };
        input.AddTo(command);
        foreach (var option in new Option[] { columns, delete, update, insert, metadata, options, memory })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (file, format, delimiter) = input.Read(parsed);
            var write = WriteProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options)), null, CommonOptions.Pairs("--metadata", parsed.GetValue(metadata)), false);
            await using var opened = await TableLocation.OpenAsync(parsed.GetRequiredValue(table), MemoryOption.Resources(parsed.GetValue(memory), parsed), cancellationToken);
            var schema = parsed.GetValue(columns) is { } ddl ? TableSchema.FromDdl(ddl, opened.Name).Arrow : (await (await opened.RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Arrow;
            var taken = new InputProgress();
            var merge = opened.Merge(InputFiles.ReadAsync(file, format, delimiter, schema, taken, context, cancellationToken));
            var clauses = new (Option<string?> Option, Func<Predicate?, MergeBuilder> Add)[]
            {
                (delete, merge.WhenMatchedDelete), (update, where => merge.WhenMatchedUpdate(where)), (insert, where => merge.WhenNotMatchedInsert(where)),
            };
            foreach (var (option, add) in clauses.Where(c => parsed.GetResult(c.Option) is not null))
            {
                add(parsed.GetValue(option) is { } where ? Predicate.Parse(where) : null);
            }

            WriteResult result;
            await using (Output.ProgressLine.Start(parsed, common, context, () => WriteCommand.Text(write.Progress!, taken)))
            {
                result = await merge.ExecuteAsync(write, cancellationToken);
            }

            await WriteCommand.PrintAsync(result, parsed.GetValue(common.Json), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<string?> Clause(string name, string description) =>
        new(name) { Description = description + ", all or those that a condition selects", HelpName = "CONDITION", Arity = ArgumentArity.ZeroOrOne };
}
