using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests;

/// <summary>Tables that Hudi wrote: their stored keys come out of our key generators again, and our indexes find them.</summary>
public class GoldenKeyTests
{
    // What the goldens' writers were told and did not store.
    private static readonly Dictionary<string, string> NotStored = new()
    {
        ["hoodie.keygen.timebased.timestamp.type"] = "EPOCHMILLISECONDS",
        ["hoodie.keygen.timebased.output.dateformat"] = "yyyyMMdd",
        ["hoodie.keygen.timebased.timezone"] = "UTC",
    };

    [Fact]
    public async Task Stored_keys_and_paths_are_generated_again_and_found()
    {
        int files = 0;
        long rows = 0;
        foreach (string name in Golden.Names("v").Where(n => n.Contains("/cow_")))
        {
            var golden = Golden.Open(name);
            var store = new LocalObjectStore(golden.Table);
            var config = await TableConfigFile.LoadAsync(store, LakehouseEnvironment.System);
            foreach (string path in Directory.EnumerateFiles(golden.Table, "*.parquet", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(golden.Table, p)).Where(p => !p.StartsWith(".hoodie")))
            {
                rows += await CheckAsync(store, config, path);
                files++;
            }
        }

        Assert.True(files > 100 && rows > 5000, $"{files} files, {rows} rows");
    }

    private static async Task<long> CheckAsync(IObjectStore store, TableConfig config, string path)
    {
        await using var file = await ParquetSharpFormat.Instance.OpenAsync(store, path, CancellationToken.None);
        bool bare = ComplexKeyEncoding.IsAmbiguous(config) && file.Footer.GetKeyValue("hoodie_min_record_key") is { } min && ComplexKeyEncoding.IsBare(config.RecordKeyFields[0], min);
        var settings = KeyGeneratorSettings.From(config, NotStored) with { BareSingleComplexKey = bare };
        bool auto = settings.RecordKeyFields.Count == 0;
        var generator = KeyGeneratorFactory.Create(auto ? settings with { AutoKeys = new AutoKeys("x") } : settings);
        var keys = new List<string>();
        string[] columns = [MetaColumns.RecordKey, MetaColumns.PartitionPath, .. generator.Columns];
        await foreach (var read in file.ReadAsync(new ParquetReadRequest { Columns = columns }, CancellationToken.None))
        {
            using var batch = read.Batch;
            var generated = generator.Generate(batch, read.FirstRow);
            var stored = (StringArray)batch.Column(MetaColumns.RecordKey);
            var partition = (StringArray)batch.Column(MetaColumns.PartitionPath);
            for (int row = 0; row < batch.Length; row++)
            {
                if (config.PopulateMetaFields)
                {
                    Assert.Equal(partition.GetString(row), generated.PartitionPaths[generated.PartitionCodes[row]]);
                    if (!auto)
                    {
                        Assert.Equal(stored.GetString(row), generated.RecordKeys.GetString(row));
                    }
                }

                keys.Add((auto ? stored : generated.RecordKeys).GetString(row));
            }
        }

        string folder = Path.GetDirectoryName(path)!;
        var slice = new FileSlice(folder, "f", "t", new BaseFile(folder, "f", "w", "t", Path.GetFileName(path), 0), []);
        var map = KeyFiles.Map(keys.Append("no such key"));
        foreach (string type in (string[])["SIMPLE", "BLOOM"])
        {
            var index = Indexes.Create(type, new IndexSettings(store, ParquetSharpFormat.Instance) { VirtualKeys = config.PopulateMetaFields ? null : generator });
            var tagged = await index.TagAsync(map, [slice], CancellationToken.None);
            Assert.Equal(keys, tagged.SelectMany(t => t.Keys).Select(k => KeyFiles.Text(map, k)));
            Assert.Equal(Enumerable.Range(0, keys.Count).Select(i => (long)i), tagged.SelectMany(t => t.Positions));
        }

        return keys.Count;
    }
}
