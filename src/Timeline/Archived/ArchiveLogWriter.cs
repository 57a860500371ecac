using System.Globalization;
using Avro;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Adds to the archive of a version 6 table (TimelineArchiverV1): one more log. Entries that are there already do no harm.</summary>
/// <param name="store">The table's storage.</param>
/// <param name="folder">The archive's folder.</param>
/// <param name="batch">Entries of a block.</param>
internal sealed class ArchiveLogWriter(IObjectStore store, string folder, int batch)
{
    private const string Suffix = "_1-0-1";

    private static readonly string SchemaText = AvroSchemas.Text("HoodieArchivedMetaEntry");
    private static readonly RecordSchema Schema = (RecordSchema)AvroSchemas.Parse(SchemaText);

    /// <param name="entries">By the fields of HoodieArchivedMetaEntry. Without any there is no log.</param>
    /// <param name="cancellationToken">Ends the writing; nothing is added then.</param>
    /// <returns>How many.</returns>
    public async ValueTask<int> AddAsync(IAsyncEnumerable<ArchiveLogEntry> entries, CancellationToken cancellationToken)
    {
        int last = (await store.ListNamesAsync(folder, cancellationToken)).Select(n => ArchiveLogs.TryParseName(n, out int number) ? number : 0).DefaultIfEmpty().Max();
        var path = string.Create(CultureInfo.InvariantCulture, $"{folder}/.commits_.archive.{last + 1}{Suffix}");
        int added = 0;
        LogFileWriter? log = null;
        try
        {
            await foreach (var part in entries.Chunk(batch).WithCancellation(cancellationToken))
            {
                log ??= await LogFileWriter.CreateAsync(store, path, cancellationToken);
                await log.AppendRecordsAsync([.. part.Select(Encode)], new Dictionary<LogHeader, string> { [LogHeader.Schema] = SchemaText }, cancellationToken);
                added += part.Length;
            }

            if (log is not null)
            {
                await log.CompleteAsync(cancellationToken);
            }
        }
        finally
        {
            if (log is not null)
            {
                await log.DisposeAsync();
            }
        }

        return added;
    }

    private byte[] Encode(ArchiveLogEntry entry)
    {
        try
        {
            var buffer = new AvroBuffer(4096);
            AvroEncoder.Write(buffer, Schema, entry.Fields);
            return buffer.Written.ToArray();
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, "the instant cannot be archived: " + e.Problem, store.Root, entry.Path, entry.RequestedTime, "Let Hudi archive this table", e);
        }
    }
}
