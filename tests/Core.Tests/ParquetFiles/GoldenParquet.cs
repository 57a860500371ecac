using System.IO.Compression;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace Core.Tests.ParquetFiles;

/// <summary>The Parquet files inside the golden tables, in a memory store each.</summary>
internal static class GoldenParquet
{
    /// <summary>Paths as "v9/cow_types.zip!table/...". Base files of the table only, unless metadata files are asked for.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Files(string pattern = "*.zip", bool metadata = false)
    {
        foreach (string zip in Directory.EnumerateFiles(Repository.Goldens, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var archive = ZipFile.OpenRead(zip);
            foreach (var entry in archive.Entries.Where(e => e.FullName.EndsWith(".parquet", StringComparison.Ordinal)))
            {
                if (entry.FullName.Contains("/.hoodie/", StringComparison.Ordinal) == metadata)
                {
                    using var stream = entry.Open();
                    using var copy = new MemoryStream();
                    stream.CopyTo(copy);
                    yield return ($"{Path.GetFileName(Path.GetDirectoryName(zip))}/{Path.GetFileName(zip)}!{entry.FullName}", copy.ToArray());
                }
            }
        }
    }

    public static async Task<MemoryObjectStore> StoreAsync(byte[] bytes, string path = "f.parquet")
    {
        var store = new MemoryObjectStore();
        await store.PutAsync(path, bytes, PutCondition.None);
        return store;
    }
}
