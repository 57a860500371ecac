using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>Plans and results of indexing actions, as Hudi 1.0 and 1.2 wrote them.</summary>
public class IndexPlanTests
{
    [Theory]
    [InlineData("v9/mor_secondary_index", "20261123054511539")]
    [InlineData("v8/mor_secondary_index", null)]
    public void What_is_read_from_Hudis_files_is_written_byte_for_byte(string golden, string? upTo)
    {
        var files = Directory.GetFiles(Path.Combine(Golden.Open(golden).Table, ".hoodie", "timeline"), "*.indexing*");
        var requested = File.ReadAllBytes(files.Single(f => f.EndsWith(".requested", StringComparison.Ordinal)));
        var completed = File.ReadAllBytes(files.Single(f => f.EndsWith(".indexing", StringComparison.Ordinal)));

        var plan = IndexPlan.Read(requested);
        var partition = Assert.Single(plan.Partitions);
        Assert.Equal("secondary_index_idx_rider", partition.Name);
        Assert.Equal(upTo ?? partition.UpTo, partition.UpTo);
        AssertSame(requested, plan.Write());
        AssertSame(completed, IndexPlan.Read(completed).WriteCommit());
    }

    // But for the sync marker, random 16 bytes after the header, and once more at the end.
    private static void AssertSame(byte[] expected, byte[] actual)
    {
        static byte[] WithoutMarker(byte[] file)
        {
            var marker = file[^16..];
            return [.. file.AsSpan(0, file.AsSpan().IndexOf(marker)), .. file.AsSpan(file.AsSpan().IndexOf(marker) + 16, file.Length - file.AsSpan().IndexOf(marker) - 32)];
        }

        Assert.Equal(WithoutMarker(expected), WithoutMarker(actual));
    }
}
