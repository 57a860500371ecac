using System.Globalization;
using System.Text;
using System.Text.Json;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

/// <summary>Keys, shards and file ids against Hudi's own.</summary>
public class MetadataKeyTests
{
    [Fact]
    public void Keys_are_Hudis()
    {
        foreach (var v in Repository.Vectors("metadata-keys.jsonl"))
        {
            switch (Text(v, "op"))
            {
                case "columnHash":
                    Assert.Equal(Text(v, "encoded"), MetadataKeys.HashOfColumn(Text(v, "name")!));
                    break;
                case "partitionHash":
                    Assert.Equal(Text(v, "encoded"), MetadataKeys.HashOfPartition(Text(v, "name")!));
                    Assert.Equal(Text(v, "filesKey"), MetadataKeys.Files(Text(v, "name")!));
                    break;
                case "fileHash":
                    Assert.Equal(Text(v, "encoded"), MetadataKeys.HashOfFile(Text(v, "name")!));
                    break;
                case "columnStats":
                    Assert.Equal(Text(v, "key"), MetadataKeys.ColumnStats(Text(v, "column")!, Text(v, "partition")!, Text(v, "file")!));
                    break;
                case "columnStatsPrefix":
                    Assert.Equal(Text(v, "key"), MetadataKeys.ColumnStatsPrefix(Text(v, "column")!, Text(v, "partition")));
                    if (Text(v, "partitionStatsKey") is { } key)
                    {
                        Assert.Equal(key, MetadataKeys.PartitionStats(Text(v, "column")!, Text(v, "partition")!));

                        // The vectors have another prefix here than the tables of Hudi 1.2, which hash __partition_stat__.
                        string partition = MetadataKeys.HashOfPartition(Text(v, "partition")!);
                        Assert.Equal(key[..12] + "2CMHrhWVE9w=" + partition, MetadataKeys.ExpressionPartitionStats(Text(v, "column")!, Text(v, "partition")!));
                    }

                    break;
                case "bloomFilters":
                    Assert.Equal(Text(v, "key"), MetadataKeys.BloomFilter(Text(v, "partition")!, Text(v, "file")!));
                    break;
            }
        }
    }

    [Fact]
    public void A_record_index_has_as_many_file_groups_as_Hudis()
    {
        foreach (var v in Vectors("estimateFileGroups"))
        {
            Assert.Equal(48, v.GetProperty("averageRecordSize").GetInt32());
            var groups = new RecordIndexGroups(
                v.GetProperty("min").GetInt32(), v.GetProperty("max").GetInt32(), v.GetProperty("growthFactor").GetSingle(), v.GetProperty("maxFileGroupSizeBytes").GetInt64());
            Assert.Equal(v.GetProperty("count").GetInt32(), groups.CountFor(v.GetProperty("records").GetInt64()));
        }
    }

    [Fact]
    public void Shards_are_Hudis()
    {
        foreach (var v in Vectors("fileGroup"))
        {
            foreach (var group in v.GetProperty("indexByFileGroups").EnumerateObject())
            {
                int count = int.Parse(group.Name, CultureInfo.InvariantCulture);
                Assert.Equal(group.Value.GetInt32(), MetadataShards.Of(Text(v, "key")!, count));
                Assert.Equal(group.Value.GetInt32(), MetadataShards.Of(Encoding.UTF8.GetBytes(Text(v, "key")!), count));
            }
        }

        foreach (var v in Vectors("fileGroupByVersion"))
        {
            var key = Encoding.UTF8.GetBytes(Text(v, "key")!);
            bool byPrefix = Text(v, "partition") == "SECONDARY_INDEX" && Text(v, "indexVersion") == "V2";
            if (v.GetProperty("index").ValueKind == JsonValueKind.Object)
            {
                Assert.Throws<LakehouseException>(() => SecondaryKeys.PrefixLength(key));
                continue;
            }

            Assert.Equal(v.GetProperty("index").GetInt32(), MetadataShards.Of(byPrefix ? key.AsSpan(0, SecondaryKeys.PrefixLength(key)) : key, v.GetProperty("fileGroups").GetInt32()));
        }
    }

    [Fact]
    public void File_ids_are_Hudis()
    {
        foreach (var v in Vectors("fileId"))
        {
            Assert.Equal(Text(v, "fileId"), MetadataFileIds.Make(Text(v, "metadataPartition")!, v.GetProperty("fileGroup").GetInt32(), Text(v, "dataPartition")));
            if (Text(v, "metadataPartition") == MetadataPartitions.RecordIndex)
            {
                Assert.Equal(Text(v, "dataPartitionBack"), MetadataFileIds.DataPartitionOf(Text(v, "fileId")!));
            }
        }

        Assert.Equal("record-index-x%5Fy%2Dz-0001-0", MetadataFileIds.Make(MetadataPartitions.RecordIndex, 1, "x_y-z"));
        Assert.Equal("x_y-z", MetadataFileIds.DataPartitionOf("record-index-x%5Fy%2Dz-0001-0"));
    }

    [Fact]
    public void Secondary_keys_are_Hudis()
    {
        foreach (var v in Vectors("secondaryKey"))
        {
            Assert.Equal(Text(v, "key"), SecondaryKeys.Make(Text(v, "secondary"), Text(v, "record")!));
            Assert.Equal((Text(v, "secondaryBack"), Text(v, "recordBack")!), SecondaryKeys.Split(Text(v, "key")!));
        }

        foreach (var v in Vectors("escape"))
        {
            Assert.Equal(Text(v, "prefixFromSecondaryKey"), SecondaryKeys.Prefix(Text(v, "value")));
        }
    }

    [Fact]
    public void Locations_are_Hudis()
    {
        foreach (var v in Vectors("recordIndexValue").Where(v => !v.GetProperty("value").TryGetProperty("error", out _)))
        {
            var value = v.GetProperty("value");
            var made = RecordIndexLocation.Make(Text(v, "dataPartition")!, Text(v, "fileId")!, value.GetProperty("instantTime").GetInt64());
            var stored = new RecordIndexPayload(
                Text(value, "partitionName")!,
                value.GetProperty("fileIdHighBits").GetInt64(),
                value.GetProperty("fileIdLowBits").GetInt64(),
                value.GetProperty("fileIndex").GetInt32(),
                Text(value, "fileId")!,
                value.GetProperty("instantTime").GetInt64(),
                value.GetProperty("fileIdEncoding").GetInt32());
            Assert.Equal(Text(value, "fileIdBack"), RecordIndexLocation.FileIdOf(stored));
            if (made.Encoding == stored.Encoding)
            {
                Assert.Equal(stored, made);
            }
            else
            {
                // Hudi's caller chooses; here an id that is a UUID is stored as one.
                Assert.Equal(Text(v, "fileId"), RecordIndexLocation.FileIdOf(made));
            }
        }
    }

    private static IEnumerable<JsonElement> Vectors(string op) => Repository.Vectors("record-index.jsonl").Where(v => Text(v, "op") == op);

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
