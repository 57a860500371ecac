namespace OllaLab.Lakehouse.Cli;

/// <summary>Options that contradict one another: ends with <see cref="ExitCodes.WrongUsage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);
