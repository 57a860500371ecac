using System.Collections.Concurrent;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Footers read so far, by table and path.</summary>
internal sealed class FileFactsCache
{
    private readonly ConcurrentDictionary<(string Root, string Path, long Length), FileFacts> facts = new();
    private readonly ConcurrentDictionary<string, FileSchema> schemas = new();

    /// <summary>Reads what is not known yet, several files at once.</summary>
    public async ValueTask<IReadOnlyList<FileFacts>> GetAsync(LakehouseTable table, IReadOnlyList<BaseFile> files, CancellationToken cancellationToken)
    {
        var found = new FileFacts[files.Count];
        var missing = new List<int>();
        for (var i = 0; i < found.Length; i++)
        {
            if (facts.TryGetValue(Key(table.Store, files[i]), out var known))
            {
                found[i] = known;
            }
            else
            {
                missing.Add(i);
            }
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = table.Options.Threads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, options, async (i, stop) => found[i] = facts.GetOrAdd(Key(table.Store, files[i]), await ReadAsync(table.Store, files[i], stop)));
        return found;
    }

    private static (string Root, string Path, long Length) Key(IObjectStore store, BaseFile file) => (store.Root, file.Path, file.Length);

    private async ValueTask<FileFacts> ReadAsync(IObjectStore store, BaseFile file, CancellationToken cancellationToken)
    {
        var footer = await ParquetFooter.ReadAsync(store, file.Path, file.Length, cancellationToken: cancellationToken);
        var schema = schemas.GetOrAdd(FileSchema.Fingerprint(footer), _ => new FileSchema(ParquetToArrow.Convert(footer)));
        return FileFacts.Of(footer, schema);
    }
}
