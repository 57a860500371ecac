using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse alter TABLE add|rename|drop|type|reorder</c></summary>
internal static class AlterCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        return new Command("alter", "Changes a table's columns without touching its files.")
        {
            table,
            MakeAdd(table, common, context),
            MakeOne("rename", "Renames a column; its values stay.", "NAME", "The new name, without the path", SchemaChange.Rename, table, common, context),
            MakeDrop(table, common, context),
            MakeOne("type", "Changes a column's type to a wider one, or to text.", "TYPE", "The new type, as in Spark SQL", SchemaChange.ChangeType, table, common, context),
            MakeReorder(table, common, context),
        };
    }

    private static Command MakeAdd(Argument<string> table, CommonOptions common, CommandContext context)
    {
        var type = new Argument<string>("TYPE") { Description = "Its type, as in Spark SQL: bigint, decimal(10,2), struct<a: int>" };
        var comment = new Option<string?>("--comment") { Description = "A comment" };
        var (first, after) = Place();
        var command = new Command("add", "Adds a column, null in the rows that are stored.");
        return Finish(command, [type], [comment, first, after], (column, parsed) => SchemaChange.Add(column, parsed.GetRequiredValue(type), parsed.GetValue(comment), parsed.GetValue(first), parsed.GetValue(after)), table, common, context);
    }

    private static Command MakeDrop(Argument<string> table, CommonOptions common, CommandContext context) =>
        Finish(new Command("drop", "Drops a column. One that is added later under the same name is another."), [], [], (column, _) => SchemaChange.Drop(column), table, common, context);

    private static Command MakeReorder(Argument<string> table, CommonOptions common, CommandContext context)
    {
        var (first, after) = Place();
        return Finish(
            new Command("reorder", "Moves a column among those beside it."),
            [],
            [first, after],
            (column, parsed) => parsed.GetValue(first) != (parsed.GetValue(after) is not null) ? SchemaChange.Move(column, parsed.GetValue(after)) : throw new UsageException("Give either --first or --after"),
            table,
            common,
            context);
    }

    private static Command MakeOne(string name, string description, string argument, string meaning, Func<string, string, SchemaChange> change, Argument<string> table, CommonOptions common, CommandContext context)
    {
        var value = new Argument<string>(argument) { Description = meaning };
        return Finish(new Command(name, description), [value], [], (column, parsed) => change(column, parsed.GetRequiredValue(value)), table, common, context);
    }

    private static (Option<bool> First, Option<string?> After) Place() =>
        (new Option<bool>("--first") { Description = "Comes first among the columns beside it" }, new Option<string?>("--after") { Description = "Comes after this one beside it" });

    private static Command Finish(Command command, Argument[] arguments, Option[] options, Func<string, ParseResult, SchemaChange> change, Argument<string> table, CommonOptions common, CommandContext context)
    {
        var column = new Argument<string>("COLUMN") { Description = "The column's path: a, a.b in a struct, list.element.b, map.value.b" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what the columns would be" };
        command.Add(column);
        foreach (var argument in arguments)
        {
            command.Add(argument);
        }

        foreach (var option in options.Append(dryRun).Append(TableLocation.OtherWriters()))
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetResult(table) is null or { Tokens.Count: 0 })
            {
                // What the command above takes is not asked for by the parser.
                throw new UsageException("The table comes first, as in 'alter TABLE add COLUMN TYPE'");
            }

            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var done = await opened.AlterSchemaAsync([change(parsed.GetRequiredValue(column), parsed)], new AlterSchemaOptions { DryRun = parsed.GetValue(dryRun) }, cancellationToken);
            if (parsed.GetValue(common.Json))
            {
                var listing = new Listing("instant", "completion_time", "schema");
                listing.Add(done.Instant, done.CompletionTime, done.Ddl);
                await listing.WriteAsync(context, json: true, cancellationToken);
            }
            else
            {
                context.Error.WriteLine(done.Instant is { } instant ? $"Changed the columns in commit {instant}." : "Nothing was written.");
                await using var stream = OutputStream.Open(context, null);
                await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(done.Ddl.TrimEnd() + "\n"), cancellationToken);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
