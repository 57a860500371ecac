namespace OllaLab.Lakehouse.Cli.Output;

internal enum OutputFormat
{
    Table,
    JsonLines,
    Csv,
    Parquet,
}

internal static class OutputFormats
{
    public const string Names = "table|jsonl|csv|parquet";

    /// <summary>The format asked for; without one, that of the output file's name, else JSON lines for <c>--json</c> and pipes, a table for people.</summary>
    public static OutputFormat Choose(string? name, bool json, string? outFile, bool terminal) => name switch
    {
        "table" => OutputFormat.Table,
        "jsonl" or "json" or "ndjson" => OutputFormat.JsonLines,
        "csv" => OutputFormat.Csv,
        "parquet" => OutputFormat.Parquet,
        null when json => OutputFormat.JsonLines,
        null when outFile is not null => Path.GetExtension(outFile).ToLowerInvariant() switch
        {
            ".csv" => OutputFormat.Csv,
            ".parquet" => OutputFormat.Parquet,
            ".txt" => OutputFormat.Table,
            _ => OutputFormat.JsonLines,
        },
        null => terminal ? OutputFormat.Table : OutputFormat.JsonLines,
        _ => throw new UsageException($"--format {name} is not one of {Names}"),
    };
}
