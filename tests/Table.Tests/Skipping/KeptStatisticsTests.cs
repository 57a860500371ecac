using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>What writes store of the files that they wrote, and of their partitions, is what those files say when they are looked into.</summary>
public sealed class KeptStatisticsTests
{
    public static TheoryData<int, TableType> Tables => new(
        from version in new[] { 6, 8, 9 } from type in new[] { TableType.CopyOnWrite, TableType.MergeOnRead } select (version, type));

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Stored_statistics_are_those_of_the_files(int version, TableType type)
    {
        var store = new MemoryObjectStore("kept");
        var options = new TableOptions
        {
            Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version,
            Properties = new Dictionary<string, string> { [MetadataOptions.ColumnStatsKey] = "true", [MetadataOptions.BloomFiltersKey] = "true" },
        };
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, options, TestTable.Resources);
        var random = new Random(version);
        for (var i = 0; i < 6; i++)
        {
            var rows = Row.ToBatch([.. Enumerable.Range(0, 9).Select(_ => random.Next(30)).Distinct().Select(id => TestTable.Of(id, i, random.Next(6) == 0 ? true : null))]);
            _ = i == 4 ? await table.DeleteAsync([rows]) : await table.UpsertAsync([rows]);
        }

        var state = await table.RefreshAsync();
        var schema = await state.GetSchemaAsync();
        var metadata = (await state.GetMetadataAsync())!;
        var columns = ColumnStatsColumns.Of(state.Config, schema);
        var listed = await CommittedFiles.ListAsync(store, state.Timeline, default);
        var files = listed.SelectMany(p => p.Value.Select(f => new DataFile(p.Key, f.Key, f.Value))).ToList();
        var read = await new FileIndexes(store, state.Config, new MetadataSource(schema, ParquetSharpFormat.Instance), columns, IndexDefinitions.NewVersion(state.Config))
            .ReadAsync(files, new HashSet<string> { MetadataPartitions.ColumnStats, MetadataPartitions.BloomFilters, MetadataPartitions.PartitionStats }, before: null, default);
        Assert.Equal(type == TableType.MergeOnRead, files.Exists(f => f.Name.StartsWith('.')));
        foreach (var partition in new[] { MetadataPartitions.ColumnStats, MetadataPartitions.BloomFilters })
        {
            Assert.Equal(read[partition].Select(r => r.Key).Order(), (await ReadAsync(metadata, partition)).Keys.Order());
        }

        var stored = await ReadAsync(metadata, MetadataPartitions.ColumnStats);
        Assert.All(read[MetadataPartitions.ColumnStats], r => Assert.Equal(Text(r.Payload!), Text(stored[r.Key])));
        if (version >= 8)
        {
            await CheckPartitionsAsync(metadata, read[MetadataPartitions.PartitionStats], columns);
        }
    }

    // Of all files ever written, those of slices that went before may be left out.
    private static async Task CheckPartitionsAsync(MetadataTable metadata, IReadOnlyList<MetadataRecord> all, IReadOnlyList<ColumnStatsColumn> columns)
    {
        var stored = await ReadAsync(metadata, MetadataPartitions.PartitionStats);
        Assert.Equal(all.Select(r => r.Key).Order(), stored.Keys.Order());
        foreach (var (key, payload, _) in all)
        {
            var (own, every) = ((ColumnStatsPayload)stored[key], (ColumnStatsPayload)payload!);
            Assert.True(own.IsTightBound);
            Assert.True(own.ValueCount <= every.ValueCount, $"{own.ColumnName}: {own.ValueCount} of {every.ValueCount}");
            var type = columns.Single(c => c.Name == own.ColumnName).Type;
            var (mine, theirs) = (StoredBounds.Of(own with { Type = MetadataRecordType.ColumnStats }, type)!, StoredBounds.Of(every with { Type = MetadataRecordType.ColumnStats }, type)!);
            Assert.Equal(theirs.Max, theirs.With(mine).Max);
            Assert.Equal(theirs.Min, theirs.With(mine).Min);
        }
    }

    private static async Task<Dictionary<string, MetadataPayload>> ReadAsync(MetadataTable metadata, string partition)
    {
        var records = new Dictionary<string, MetadataPayload>();
        await foreach (var record in metadata.ReadAsync(partition, default))
        {
            records.Add(record.Key, record.Payload!);
        }

        return records;
    }

    private static string Text(MetadataPayload payload) => payload is ColumnStatsPayload s
        ? $"{s.FileName} {s.ColumnName} {Text(s.Min)} {Text(s.Max)} {s.ValueCount} {s.NullCount} {s.TotalSize} {s.TotalUncompressedSize} {s.ValueType} {s.ValueTypeInfo}"
        : payload.ToString();

    private static string Text(WrappedValue? value) => value is { } v ? $"{v.Kind} {(v.Value is byte[] bytes ? Convert.ToHexString(bytes) : v.Value)}" : "-";
}
