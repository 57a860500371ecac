using System.Globalization;
using System.Text.Json;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests;

public class BucketTests
{
    [Fact]
    public void Buckets_are_Hudis()
    {
        int count = 0;
        foreach (var v in Repository.Vectors("bucket-index.jsonl").Where(v => v.GetProperty("op").GetString() == "bucketId"))
        {
            string key = v.GetProperty("recordKey").GetString()!;
            string[] fields = [.. v.GetProperty("hashFields").EnumerateArray().Select(f => f.GetString()!)];
            if (v.GetProperty("hashKeys").ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            Assert.Equal(v.GetProperty("hashKeys").EnumerateArray().Select(k => k.GetString()), BucketIdentifier.HashKeys(key, fields));
            foreach (var bucket in v.GetProperty("bucketIdByBuckets").EnumerateObject())
            {
                Assert.Equal(bucket.Value.GetInt32(), BucketIdentifier.BucketId(key, fields, int.Parse(bucket.Name, CultureInfo.InvariantCulture)));
                count++;
            }
        }

        Assert.True(count > 1000, $"{count} buckets");
    }

    [Fact]
    public void File_ids_begin_with_their_bucket()
    {
        foreach (var v in Repository.Vectors("bucket-index.jsonl").Where(v => v.GetProperty("op").GetString() == "bucketIdFromFileId"))
        {
            string fileId = v.GetProperty("fileId").GetString()!;
            if (v.GetProperty("bucket").ValueKind == JsonValueKind.Number)
            {
                Assert.Equal(v.GetProperty("bucket").GetInt32(), BucketIdentifier.BucketOfFile(fileId));
            }
            else
            {
                Assert.Throws<LakehouseException>(() => BucketIdentifier.BucketOfFile(fileId));
            }
        }
    }

    [Fact]
    public void Bucketed_tables_are_told_by_their_file_ids()
    {
        Assert.True(BucketIdentifier.AreBuckets(["00000003-5c1f-4b00-0000-000000000000-0", "00000255-7dec-11d0-a765-00a0c91e6bf6"]));
        Assert.False(BucketIdentifier.AreBuckets(["00000003-5c1f-4b00-0000-000000000000-0", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6-0"]));
        Assert.False(BucketIdentifier.AreBuckets([]));
    }
}
