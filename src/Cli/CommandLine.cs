using System.CommandLine;
using System.CommandLine.Help;
using OllaLab.Lakehouse.Cli.Commands;

namespace OllaLab.Lakehouse.Cli;

/// <summary>The tree of commands, and the way from arguments to an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, CommandContext context, CancellationToken cancellationToken = default)
    {
        var common = new CommonOptions();
        var root = Build(common, context);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            var command = string.Join(' ', parsed.CommandResult.Command == root ? ["lakehouse"] : new[] { "lakehouse", parsed.CommandResult.Command.Name });
            foreach (var error in parsed.Errors.Select(e => e.Message).Distinct())
            {
                context.Error.WriteLine($"lakehouse: {error}");
            }

            context.Error.WriteLine($"Try '{command} --help'.");
            return ExitCodes.WrongUsage;
        }

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        if (parsed.Action is HelpAction)
        {
            // Said of the command that is asked about, not after each line of a list of commands.
            parsed.CommandResult.Command.Description += "\n\n" + ExitCodes.Help;
            configuration.Output = new StreamWriter(context.OpenOutput()) { AutoFlush = true };
        }

        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception e)
        {
            return ErrorPrinter.Print(e, context, parsed.GetValue(common.Json), parsed.GetValue(common.Verbose));
        }
    }

    public static RootCommand Build(CommonOptions common, CommandContext context)
    {
        var root = new RootCommand("Creates, reads and writes Apache Hudi tables.")
        {
            common.Json,
            common.Quiet,
            common.Verbose,
        };
        Func<CommonOptions, CommandContext, Command>[] commands =
        [
            CreateCommand.Make,
            WriteCommand.Make,
            DeleteCommand.Make,
            DeleteCommand.MakeUpdate,
            MergeCommand.Make,
            ReadCommand.Make,
            SqlCommand.Make,
            TimelineCommand.Make,
            FilesCommand.Make,
            SchemaCommand.Make,
            ConfigCommand.Make,
            IndexCommand.Make,
            CompactCommand.Make,
            CompactCommand.MakeLog,
            ClusterCommand.Make,
            CleanCommand.Make,
            ArchiveCommand.Make,
            DeletePartitionsCommand.Make,
            TtlCommand.Make,
            RollbackCommand.Make,
            SavepointCommand.Make,
            RestoreCommand.Make,
            AlterCommand.Make,
            UpgradeCommand.Make,
            UpgradeCommand.MakeDown,
            HealthCommands.MakeValidate,
            HealthCommands.MakeRepair,
            HealthCommands.MakeStatistics,
        ];
        foreach (var make in commands)
        {
            root.Add(make(common, context));
        }

        return root;
    }
}
