using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>An index that finds keys by reading the key column of base files, several files at once.</summary>
internal abstract class BaseFileIndex(IndexSettings settings) : IIndex
{
    private const int BatchRows = 32_768;

    public abstract string Name { get; }

    public async ValueTask<IReadOnlyList<TaggedFile>> TagAsync(KeyMap keys, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        var tagged = new TaggedFile?[slices.Count];
        if (keys.Count == 0)
        {
            return [];
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, settings.Parallelism), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, slices.Count), options, async (i, token) => tagged[i] = await TagAsync(keys, slices[i], token));
        return [.. tagged.OfType<TaggedFile>()];
    }

    /// <summary>Numbers of the keys that a file may hold by its footer; null: any.</summary>
    protected abstract int[]? Candidates(KeyMap keys, ParquetFooter footer, string path);

    /// <summary>Which of the keys that a file has are wanted of it; null: all.</summary>
    protected virtual Func<int, bool>? Wanted(FileSlice slice) => null;

    private async ValueTask<TaggedFile?> TagAsync(KeyMap keys, FileSlice slice, CancellationToken cancellationToken)
    {
        if (slice.Base is not { } baseFile)
        {
            return null;
        }

        await using var file = await settings.Format.OpenAsync(settings.Store, baseFile.Path, baseFile.Length, cancellationToken);
        if (settings.VirtualKeys is null && file.Schema.GetFieldIndex(MetaColumns.RecordKey) < 0)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The base file has no column {MetaColumns.RecordKey}", path: baseFile.Path);
        }

        int[]? candidates = Candidates(keys, file.Footer, baseFile.Path);
        if (candidates is [])
        {
            return null;
        }

        var rowGroups = settings.VirtualKeys is null ? RowGroupPruning.Find(file.Footer, keys, candidates) : null;
        return rowGroups is [] ? null : await ScanAsync(keys, slice, file, rowGroups, cancellationToken);
    }

    private async ValueTask<TaggedFile?> ScanAsync(KeyMap keys, FileSlice slice, IParquetFile file, int[]? rowGroups, CancellationToken cancellationToken)
    {
        var positions = new List<long>();
        var numbers = new List<int>();
        int[] found = new int[BatchRows];
        var wanted = Wanted(slice);
        var request = new ParquetReadRequest { Columns = settings.VirtualKeys?.Columns ?? [MetaColumns.RecordKey], RowGroups = rowGroups, BatchRows = BatchRows };
        await foreach (var read in file.ReadAsync(request, cancellationToken))
        {
            using var batch = read.Batch;
            var column = settings.VirtualKeys is { } generator ? generator.Generate(batch, read.FirstRow).RecordKeys : Keys(batch, file.Path);
            if (keys.FindAll(column, found) == 0)
            {
                continue;
            }

            for (int row = 0; row < column.Length; row++)
            {
                if (found[row] >= 0 && wanted?.Invoke(found[row]) != false)
                {
                    positions.Add(read.FirstRow + row);
                    numbers.Add(found[row]);
                }
            }
        }

        return positions.Count == 0 ? null : new TaggedFile(slice, [.. positions], [.. numbers]);
    }

    private static StringArray Keys(RecordBatch batch, string path) => batch.Column(0) as StringArray
        ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The column {MetaColumns.RecordKey} is not text but {batch.Column(0).Data.DataType.Name}", path: path);
}
