using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace Core.Tests.ParquetFiles;

public class ParquetFooterTests
{
    private static readonly byte[] Types = GoldenParquet.Files("cow_types.zip").First(f => f.Name.StartsWith("v9", StringComparison.Ordinal)).Bytes;

    [Fact]
    public void The_footer_of_a_base_file_that_Hudi_wrote_is_read_whole()
    {
        var footer = ParquetFooter.ParseFile(Types);
        Assert.StartsWith("parquet-mr version 1.13.1", footer.CreatedBy);
        Assert.EndsWith("_record", footer.Root.Name);
        Assert.Equal(ParquetGroupKind.List, ParquetToArrow.KindOf(footer.Root.Children.Find(n => n.Name == "arr")!));
        var decimals = footer.Root.Children.Find(n => n.Name == "dec20_5")!.Element;
        Assert.Equal((ParquetType.FixedLenByteArray, 20, 5), (decimals.Type!.Value, decimals.LogicalType!.Precision, decimals.LogicalType.Scale));
        var stamp = footer.Root.Children.Find(n => n.Name == "tsu")!.Element.LogicalType!;
        Assert.Equal((ParquetTimeUnit.Micros, true), (stamp.Unit, stamp.IsAdjustedToUtc));
        var key = footer.RowGroups[0].Columns[2];
        Assert.Equal("_hoodie_record_key", key.PathInSchema[0]);
        Assert.Equal(Encoding.UTF8.GetString(key.Statistics!.MinValue!.Value.Span), footer.GetKeyValue("hoodie_min_record_key"));
        Assert.Equal(Encoding.UTF8.GetString(key.Statistics!.MaxValue!.Value.Span), footer.GetKeyValue("hoodie_max_record_key"));
        Assert.True(footer.TryGetKeyValue("org.apache.hudi.bloomfilter", out var bloom));
        Assert.True(bloom.Length > 1000);
        Assert.False(footer.TryGetKeyValue("nothing", out _));
        Assert.All(footer.ColumnOrders!, Assert.True);
    }

    [Fact]
    public void What_was_read_is_written_so_that_it_reads_the_same()
    {
        foreach (var (name, bytes) in GoldenParquet.Files())
        {
            var footer = ParquetFooter.ParseFile(bytes);
            var once = footer.ToTail();
            var again = ParquetFooter.Parse(once[..^8], bytes.Length + once.Length, name);
            Assert.True(again.ToTail().Span.SequenceEqual(once.Span), name);

            // Java and Rust write fields in ascending order with the shortest headers as we do: apart from what is not kept in order, the bytes are the very same.
            int length = BitConverter.ToInt32(bytes, bytes.Length - 8);
            Assert.True(once.Length == length + 8, $"{name}: {once.Length} bytes for {length + 8}");
            Assert.True(bytes.AsSpan(bytes.Length - 8 - length).SequenceEqual(once.Span), name);
        }
    }

    [Fact]
    public void Unknown_fields_are_kept()
    {
        // A FileMetaData with the fields of today and a field 20 (a list of two texts) behind them.
        var footer = ParquetFooter.ParseFile(Types);
        byte[] thrift = footer.ToTail()[..^8].ToArray();
        byte[] future = [0xD9, 0x28, 0x01, (byte)'a', 0x01, (byte)'b', 0x00];
        byte[] bytes = [.. thrift[..^1], .. future];
        var read = ParquetFooter.Parse(bytes, Types.Length + bytes.Length);
        Assert.Equal(bytes, read.ToTail()[..^8].ToArray());
    }

    [Fact]
    public void Every_truncation_of_a_footer_is_corrupt()
    {
        byte[] thrift = Small().ToTail()[..^8].ToArray();
        for (int length = 0; length < thrift.Length; length++)
        {
            var error = Assert.Throws<LakehouseException>(() => ParquetFooter.Parse(thrift.AsMemory(0, length), Types.Length, "t.parquet"));
            Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
            Assert.Equal("t.parquet", error.Path);
        }
    }

    [Fact]
    public void Every_truncation_of_a_file_is_corrupt()
    {
        byte[] file = [.. Types[..4], .. new byte[5000], .. new ParquetFooter { Schema = Small().Schema }.ToTail().Span];
        for (int length = 0; length < file.Length; length += 7)
        {
            Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => ParquetFooter.ParseFile(file.AsMemory(0, length))).Kind);
        }
    }

    [Fact]
    public void Flipped_bytes_give_an_error_or_a_valid_footer_and_never_a_crash_or_a_huge_allocation()
    {
        byte[] thrift = Small().ToTail()[..^8].ToArray();
        var flips = Gen.Elements(Enumerable.Range(0, thrift.Length).ToArray()).Zip(Gen.Choose(0, 255)).ListOf(3);
        Prop.ForAll(flips.ToArbitrary(), changes =>
        {
            byte[] changed = [.. thrift];
            foreach (var (at, value) in changes)
            {
                changed[at] = (byte)value;
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var footer = ParquetFooter.Parse(changed, Types.Length);
                Assert.All(footer.RowGroups, group => Assert.All(group.Columns, column => Assert.InRange(column.Start + column.TotalCompressedSize, 0, Types.Length)));
            }
            catch (LakehouseException error)
            {
                Assert.True(error.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.Unsupported);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Random_bytes_are_no_footer()
    {
        Prop.ForAll<byte[]>(bytes =>
        {
            var error = Assert.Throws<LakehouseException>(() => ParquetFooter.Parse(bytes, 1 << 20));
            Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_ends()
    {
        byte[] structs = [.. Enumerable.Repeat((byte)0xFC, 100_000)];
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => ParquetFooter.Parse(structs, 1 << 20)).Kind);

        var schema = new List<SchemaElement> { new() { Name = "root", NumChildren = 1 } };
        schema.AddRange(Enumerable.Range(0, 10_000).Select(i => new SchemaElement { Name = "g", Repetition = ParquetRepetition.Optional, NumChildren = 1 }));
        schema.Add(new SchemaElement { Name = "leaf", Type = ParquetType.Int32, Repetition = ParquetRepetition.Optional });
        var bytes = new ParquetFooter { Schema = schema }.ToTail()[..^8];
        Assert.Contains("nested", Assert.Throws<LakehouseException>(() => ParquetFooter.Parse(bytes, 1 << 24)).Message);
    }

    [Fact]
    public void Encrypted_and_split_files_are_refused_by_name()
    {
        byte[] encrypted = [.. Types[..^4], .. "PARE"u8];
        Assert.Equal(LakehouseErrorKind.Unsupported, Assert.Throws<LakehouseException>(() => ParquetFooter.ParseFile(encrypted)).Kind);

        var footer = ParquetFooter.ParseFile(Types);
        footer.RowGroups[0].Columns[3].FilePath = "other.parquet";
        var tail = footer.ToTail();
        var error = Assert.Throws<LakehouseException>(() => ParquetFooter.Parse(tail[..^8], Types.Length + tail.Length));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains("other.parquet", error.Message);
    }

    [Fact]
    public async Task A_footer_is_one_ranged_read_or_two_when_it_is_long()
    {
        var footer = ParquetFooter.ParseFile(Types);
        footer.SetKeyValue("org.apache.hudi.bloomfilter", new byte[431_380]);
        byte[] file = [.. Types[..(Types.Length - 8 - BitConverter.ToInt32(Types, Types.Length - 8))], .. footer.ToTail().Span];
        var counting = new CountingStore(await GoldenParquet.StoreAsync(file));
        Assert.Equal(431_380, (await ParquetFooter.ReadAsync(counting, "f.parquet", file.Length)).KeyValues[^1].Value!.Value.Length);
        Assert.Equal(2, counting.Reads);
        counting.Reads = 0;
        await ParquetFooter.ReadAsync(counting, "f.parquet", file.Length, 512 * 1024);
        Assert.Equal(1, counting.Reads);
    }

    /// <summary>The footer of the golden file without its long key/values.</summary>
    private static ParquetFooter Small()
    {
        var footer = ParquetFooter.ParseFile(Types);
        footer.KeyValues.RemoveAll(entry => entry.Value!.Value.Length > 1000);
        return footer;
    }
}
