namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>What clusterings did or will do: messages for people, JSON lines for programs.</summary>
internal static class ClusteringOutput
{
    private const string Nothing = "Nothing to cluster.";

    public static async Task WriteAsync(IReadOnlyList<ClusteringResult> done, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (json)
        {
            var listing = new Listing("instant", "completion_time", "partitions", "file_groups", "bytes_read", "files_written", "rows", "bytes_written");
            foreach (var result in done)
            {
                listing.Add(result.Instant, result.CompletionTime, result.Partitions, result.FileGroups, result.BytesRead, result.FilesWritten, result.Rows, result.BytesWritten);
            }

            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        foreach (var result in done)
        {
            var what = $"{result.FileGroups} file groups of {result.Partitions} partitions, {result.BytesRead} bytes";
            context.Error.WriteLine(result.Instant is null
                ? $"Would cluster {what} into {result.FilesWritten} file groups."
                : $"Clustered {result.Instant}: {what}; {result.FilesWritten} files with {result.Rows} rows, {result.BytesWritten} bytes written.");
        }

        if (done.Count == 0)
        {
            context.Error.WriteLine(Nothing);
        }
    }

    /// <param name="planned">The instant of what was planned, or null.</param>
    public static Task WritePlannedAsync(string? planned, bool json, CommandContext context, CancellationToken cancellationToken) =>
        WriteInstantsAsync(planned is null ? [] : [planned], i => $"Planned {i}: 'cluster --execute' executes it.", json, context, cancellationToken);

    public static Task WriteRolledBackAsync(IReadOnlyList<string> rolledBack, bool json, CommandContext context, CancellationToken cancellationToken) =>
        WriteInstantsAsync(rolledBack, i => $"Rolled back the clustering {i}.", json, context, cancellationToken);

    private static async Task WriteInstantsAsync(IReadOnlyList<string> instants, Func<string, string> text, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (json)
        {
            var listing = new Listing("instant");
            foreach (var instant in instants)
            {
                listing.Add(instant);
            }

            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        foreach (var line in instants.Select(text).DefaultIfEmpty(Nothing))
        {
            context.Error.WriteLine(line);
        }
    }
}
