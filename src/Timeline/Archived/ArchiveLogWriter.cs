using System.Globalization;
using System.Text.Json;
using Avro;
using OllaLab.Lakehouse.Logs;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Adds to the archive of a version 6 table (TimelineArchiverV1): one more log, with an entry for each file that an instant had. Entries that are there already do no harm.</summary>
internal sealed class ArchiveLogWriter(TimelineClient client, ArchiveRule rule)
{
    private const string Suffix = "_1-0-1";

    private static readonly string SchemaText = AvroSchemas.Text("HoodieArchivedMetaEntry");
    private static readonly RecordSchema Schema = (RecordSchema)AvroSchemas.Parse(SchemaText);

    public async ValueTask AddAsync(IReadOnlyList<ActiveFiles> actions, CancellationToken cancellationToken)
    {
        var folder = client.Layout.ArchiveFolder;
        var last = (await client.Store.ListNamesAsync(folder, cancellationToken)).Select(n => ArchiveLogs.TryParseName(n, out int number) ? number : 0).DefaultIfEmpty().Max();
        var modified = new Dictionary<string, DateTimeOffset>();
        await foreach (var file in client.Store.ListAsync(client.Layout.Folder, recursive: false, cancellationToken))
        {
            modified[file.Name] = file.Modified;
        }

        await using var log = await LogFileWriter.CreateAsync(client.Store, string.Create(CultureInfo.InvariantCulture, $"{folder}/.commits_.archive.{last + 1}{Suffix}"), cancellationToken);
        foreach (var part in actions.SelectMany(a => a.Pending.Append(a.Completed)).Chunk(rule.Batch))
        {
            var records = new List<byte[]>();
            foreach (var instant in part)
            {
                var entry = await EntryAsync(instant, cancellationToken);
                entry["stateTransitionTime"] = modified.TryGetValue(client.Layout.FileName(instant), out var time) ? InstantTimes.Format(time, client.Layout.Zone) : null;
                records.Add(Encode(entry, instant));
            }

            await log.AppendRecordsAsync(records, new Dictionary<LogHeader, string> { [LogHeader.Schema] = SchemaText }, cancellationToken);
        }

        await log.CompleteAsync(cancellationToken);
    }

    private byte[] Encode(Dictionary<string, object?> entry, Instant instant)
    {
        try
        {
            var buffer = new AvroBuffer(4096);
            AvroEncoder.Write(buffer, Schema, entry);
            return buffer.Written.ToArray();
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, "the instant cannot be archived: " + e.Problem, client.Store.Root, client.PathOf(instant), instant.RequestedTime, "Let Hudi archive this table", e);
        }
    }

    /// <summary>What stands for a file of the timeline (MetadataConversionUtils.createMetaWrapper).</summary>
    private async ValueTask<Dictionary<string, object?>> EntryAsync(Instant instant, CancellationToken cancellationToken)
    {
        var entry = new Dictionary<string, object?>
        {
            ["commitTime"] = instant.RequestedTime,
            ["actionType"] = instant.Action,
            ["actionState"] = instant.State.ToString().ToUpperInvariant(),
        };
        var content = await client.ReadAsync(instant, cancellationToken);
        if (FieldOf(instant) is { } field && (!content.IsEmpty || field == "hoodieCommitMetadata"))
        {
            entry[field] = content.IsEmpty ? new Dictionary<string, object?> { ["partitionToWriteStats"] = new Dictionary<string, object?>(), ["extraMetadata"] = new Dictionary<string, object?>(), ["compacted"] = false }
                : AvroFile.IsAvro(content.Span) ? AvroValue.Read(content.Span)
                : FromJson(content, instant);
        }

        return entry;
    }

    private static string? FieldOf(Instant instant) => (instant.Action, instant.State) switch
    {
        (Actions.Commit or Actions.DeltaCommit, _) => "hoodieCommitMetadata",
        (Actions.Clean, InstantState.Completed) => "hoodieCleanMetadata",
        (Actions.Clean, _) => "hoodieCleanerPlan",
        (Actions.Compaction or Actions.LogCompaction, InstantState.Requested) => "hoodieCompactionPlan",
        (Actions.ReplaceCommit, InstantState.Completed) => "hoodieReplaceCommitMetadata",
        (Actions.ReplaceCommit, InstantState.Inflight) => "HoodieInflightReplaceMetadata",
        (Actions.ReplaceCommit, _) => "hoodieRequestedReplaceMetadata",
        (Actions.Rollback, InstantState.Completed) => "hoodieRollbackMetadata",
        _ => null,
    };

    private object? FromJson(ReadOnlyMemory<byte> content, Instant instant)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return AvroEncoder.FromJson(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the instant cannot be archived: " + e.Message, client.Store.Root, client.PathOf(instant), instant.RequestedTime, "Restore the file", e);
        }
    }
}
