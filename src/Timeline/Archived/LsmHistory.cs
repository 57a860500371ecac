using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Reads the history of tables of versions 8 and 9 (ArchivedTimelineLoaderV2): Parquet files of instants, those that the latest manifest names.</summary>
/// <param name="store">The table's storage.</param>
/// <param name="folder">The history's folder.</param>
internal sealed class LsmHistory(IObjectStore store, string folder)
{
    private static readonly string[] Slim = [LsmRow.InstantTimeColumn, LsmRow.CompletionTimeColumn, LsmRow.ActionColumn, LsmRow.VersionColumn];
    private static readonly string[] Whole = [.. Slim, LsmRow.MetadataColumn, LsmRow.PlanColumn];

    /// <summary>All rows, file after file.</summary>
    /// <param name="withContent">Whether metadata and plans are wanted.</param>
    /// <param name="only">Requested time of the one instant that is wanted; null: all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<IReadOnlyList<LsmRow>> ReadAsync(bool withContent, string? only, CancellationToken cancellationToken)
    {
        var rows = new List<LsmRow>();
        foreach (var file in (await LsmManifest.LoadAsync(store, folder, cancellationToken)).Files)
        {
            if (only is not null && (string.CompareOrdinal(file.Min, only) > 0 || string.CompareOrdinal(file.Max, only) < 0))
            {
                continue;
            }

            await foreach (var row in ReadFileAsync(file, withContent, cancellationToken))
            {
                if (only is null || row.InstantTime == only)
                {
                    rows.Add(row);
                }
            }
        }

        return rows;
    }

    /// <summary>The rows of one file, in its order.</summary>
    public async IAsyncEnumerable<LsmRow> ReadFileAsync(LsmFile file, bool withContent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = folder + "/" + file.Name;
        var length = (await store.GetInfoAsync(path, cancellationToken))?.Length;
        if (length != file.Length)
        {
            throw Damaged(path, length is null ? "it is missing" : $"it has {length} bytes and {file.Length} by the manifest");
        }

        await using var parquet = await ParquetSharpFormat.Instance.OpenAsync(store, path, cancellationToken);
        var request = new ParquetReadRequest { Columns = withContent ? Whole : Slim };
        if (request.Columns.FirstOrDefault(c => parquet.Schema.GetFieldIndex(c) < 0) is { } missing)
        {
            throw Damaged(path, $"it lacks the column '{missing}'");
        }

        await foreach (var part in parquet.ReadAsync(request, cancellationToken))
        {
            using var batch = part.Batch;
            for (int i = 0; i < batch.Length; i++)
            {
                yield return Row(batch, i, withContent, path);
            }
        }
    }

    private LsmRow Row(RecordBatch batch, int row, bool withContent, string path)
    {
        string? Text(int column) => batch.Column(column) is StringArray texts ? texts.GetString(row) : throw Damaged(path, $"its column '{Slim[column]}' is no text");
        byte[]? Bytes(int column) => batch.Column(column) is BinaryArray bytes ? (bytes.IsNull(row) ? null : bytes.GetBytes(row).ToArray()) : throw Damaged(path, $"its column '{Whole[column]}' is no bytes");
        if (batch.Column(3) is not Int32Array versions || versions.GetValue(row) is not LsmRow.CurrentVersion)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "a row of the archived timeline is of a version that is not known", store.Root, path, remedy: "Read it with a later version of this library");
        }

        return Text(0) is { } time && Text(1) is { } completed && Text(2) is { } action
            ? new LsmRow(time, completed, action, withContent ? Bytes(4) : null, withContent ? Bytes(5) : null)
            : throw Damaged(path, "a row of it names no instant");
    }

    private LakehouseException Damaged(string path, string problem) => new(
        LakehouseErrorKind.Corrupt, "a file of the archived timeline cannot be read: " + problem, store.Root, path, remedy: "Restore the file; the table's latest rows can be read without it");
}
