using OllaLab.Lakehouse.Cli;

return await CommandLine.RunAsync(args, new CommandContext(Console.OpenStandardInput, Console.OpenStandardOutput, Console.Error));
