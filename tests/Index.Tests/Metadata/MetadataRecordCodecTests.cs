using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

public class MetadataRecordCodecTests
{
    [Theory]
    [InlineData("v6/mor_metadata_indexes", "Hudi015")]
    [InlineData("v8/mor_secondary_index", "Hudi10")]
    [InlineData("v8/mor_metadata_indexes", "Hudi10")]
    [InlineData("v9/mor_secondary_index", "Newest")]
    [InlineData("v9/mor_metadata_indexes", "Newest")]
    public async Task Records_of_Hudis_logs_are_written_as_they_were_read(string golden, string release)
    {
        string expected = release switch
        {
            "Hudi015" => MetadataSchemas.Hudi015,
            "Hudi10" => MetadataSchemas.Hudi10,
            _ => MetadataSchemas.Newest,
        };
        var types = new HashSet<MetadataRecordType>();
        await foreach (var (schema, record) in RecordsAsync(Golden.Open(golden).Table))
        {
            Assert.Equal(expected, schema);
            var codec = MetadataRecordCodec.For(schema);
            var payload = codec.Read(record);
            types.Add(payload.Type);
            using var output = new AvroOutput();
            codec.Write(output, payload);
            Assert.Equal(record, output.Written.ToArray());
            if (payload is RecordIndexPayload location)
            {
                var entry = codec.ReadRecordIndex(record);
                Assert.Equal(RecordIndexLocation.FileIdOf(location), RecordIndexLocation.FileIdOf(entry));
                Assert.Equal(location.InstantTime, entry.InstantTime);
            }
        }

        Assert.Superset(new HashSet<MetadataRecordType> { MetadataRecordType.PartitionList, MetadataRecordType.Files, MetadataRecordType.RecordIndex }, types);
    }

    [Fact]
    public void A_record_survives_every_release_that_has_a_place_for_it()
    {
        var stats = new ColumnStatsPayload(MetadataRecordType.ColumnStats, "f.parquet", "a.b")
        {
            Min = new WrappedValue(WrapperKind.Decimal, new byte[] { 1, 2 }),
            Max = new WrappedValue(WrapperKind.TimeMicros, 5L),
            ValueCount = 3,
            IsDeleted = true,
        };
        foreach (string schema in (string[])[MetadataSchemas.Hudi015, MetadataSchemas.Hudi10, MetadataSchemas.Newest])
        {
            var read = (ColumnStatsPayload)Through(schema, stats);
            Assert.Equal(stats with { Min = read.Min }, read);
            Assert.Equal((byte[])stats.Min.Value.Value, (byte[])read.Min!.Value.Value);
        }

        var typed = stats with { Min = null, ValueType = 10, ValueTypeInfo = "9,2" };
        Assert.Equal(typed, Through(MetadataSchemas.Newest, typed));
        Assert.Equal(LakehouseErrorKind.Unsupported, Assert.Throws<LakehouseException>(() => Through(MetadataSchemas.Hudi10, typed)).Kind);
        Assert.Equal(LakehouseErrorKind.Unsupported, Assert.Throws<LakehouseException>(() => Through(MetadataSchemas.Hudi015, new SecondaryIndexPayload(false))).Kind);
    }

    [Fact]
    public void A_record_that_ends_early_is_damaged()
    {
        var codec = MetadataRecordCodec.For(MetadataSchemas.Newest);
        using var output = new AvroOutput();
        codec.Write(output, RecordIndexLocation.Make("p", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6-7", 5), "file.hfile");
        for (int length = 0; length < output.Length - 1; length++)
        {
            var cut = output.Written[..length].ToArray();
            Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => codec.Read(cut)).Kind);
        }
    }

    private static MetadataPayload Through(string schema, MetadataPayload payload)
    {
        var codec = MetadataRecordCodec.For(schema);
        using var output = new AvroOutput();
        codec.Write(output, payload, "file.hfile");
        return codec.Read(output.Written.Span);
    }

    private static async IAsyncEnumerable<(string Schema, byte[] Record)> RecordsAsync(string table)
    {
        var store = new FolderStore(new LocalObjectStore(table), MetadataPartitions.Folder);
        await foreach (var file in store.ListAsync(string.Empty, recursive: true))
        {
            if (!file.Name.StartsWith('.') || !file.Name.Contains(".log."))
            {
                continue;
            }

            await foreach (var block in LogFileReader.ReadBlocksAsync(store, file.Path, file.Length, default))
            {
                if (block.Type != LogBlockType.HFileData)
                {
                    continue;
                }

                var hfile = await HFile.OpenAsync(new BlockContentStore(store, block), file.Path, block.ContentLength, default);
                await foreach (var data in hfile.ReadDataBlocksAsync(default))
                {
                    foreach (byte[] record in Values(data.Span, file.Path))
                    {
                        yield return (block.Header(LogHeader.Schema)!, record);
                    }
                }
            }
        }
    }

    private static List<byte[]> Values(ReadOnlySpan<byte> data, string path)
    {
        var values = new List<byte[]>();
        var cells = new HFileCells(data, path);
        while (cells.MoveNext())
        {
            values.Add(cells.Value.ToArray());
        }

        return values;
    }
}
