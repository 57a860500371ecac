namespace OllaLab.Lakehouse.Cli;

/// <summary>What the process ends with; stated in the help of each command.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Conflict = 3;

    public const string Help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 conflict: try again.";

    public static int For(LakehouseErrorKind kind) => kind == LakehouseErrorKind.Conflict ? Conflict : Failed;
}
