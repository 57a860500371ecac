namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>What compactions did or will do: messages for people, JSON lines for programs.</summary>
internal static class CompactionOutput
{
    public static async Task WriteAsync(IReadOnlyList<CompactionResult> done, bool json, CommandContext context, CancellationToken cancellationToken, bool dryRun = false)
    {
        if (json)
        {
            var listing = new Listing("instant", "completion_time", "file_groups", "log_files", "log_bytes", "log_records", "rows", "updated", "deleted", "inserted", "bytes_written");
            foreach (var result in done)
            {
                listing.Add(
                    result.Instant, result.CompletionTime, result.FileGroups, result.LogFiles, result.LogBytes, result.LogRecords, result.Rows, result.Updated, result.Deleted, result.Inserted, result.BytesWritten);
            }

            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        foreach (var result in done)
        {
            context.Error.WriteLine(dryRun
                ? $"Would merge {result.LogFiles} log files of {result.FileGroups} file groups, {result.LogBytes} bytes{(result.Instant is { } planned ? $", planned in {planned}" : string.Empty)}."
                : $"Compacted {result.Instant}: {result.LogFiles} log files of {result.FileGroups} file groups merged; {result.Updated} rows updated, {result.Deleted} deleted, {result.Inserted} inserted; {result.Rows} rows, {result.BytesWritten} bytes written.");
        }

        if (done.Count == 0)
        {
            context.Error.WriteLine("Nothing to compact.");
        }
    }

    /// <param name="planned">The instant of what was planned, or null.</param>
    /// <param name="command">What executes it.</param>
    public static async Task WriteAsync(string? planned, string command, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (json)
        {
            var listing = new Listing("instant");
            if (planned is not null)
            {
                listing.Add(planned);
            }

            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        context.Error.WriteLine(planned is null ? "Nothing to compact." : $"Planned {planned}: '{command} --execute' executes it.");
    }
}
