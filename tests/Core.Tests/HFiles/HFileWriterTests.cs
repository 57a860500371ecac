using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.HFiles;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>Files of our writer: their bytes as the format has them, and what is refused.</summary>
public sealed class HFileWriterTests
{
    [Theory]
    [InlineData(HFileCodec.None)]
    [InlineData(HFileCodec.Gzip)]
    public void CellsComeBack(object codec) => Prop.ForAll(HFileSamples.Cells, cells => HFileSamples.Read(
        HFileSamples.Write(cells, (HFileCodec)codec, cells.Length % 2 == 0 ? 64 : HFileWriter.MostBlockBytes)).SequenceEqual(cells)).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60));

    /// <summary>The cell, the index entries, the file's information and the trailer at the offsets and with the bytes that the format has.</summary>
    [Fact]
    public void StructuresAreThoseOfTheFormat()
    {
        var file = HFileSamples.Write([("a", "1"), (new string('k', 200), "22")], HFileCodec.None, 32);
        var first = Convert.FromHexString("0000000d00000001" + "000161" + "00" + "7fffffffffffffff04" + "31" + "00");
        var blocks = Blocks(file);
        Assert.Equal(["DATABLK*", "DATABLK*", "IDXROOT2", "IDXROOT2", "FILEINF2"], blocks.Select(b => b.Magic));
        Assert.Equal([-1L, 0, -1, -1, -1], blocks.Select(b => b.Previous));
        Assert.Equal(first, blocks[0].Data);
        var longKey = Convert.FromHexString("00c8").Concat(Encoding.ASCII.GetBytes(new string('k', 200))).Concat(Convert.FromHexString("007fffffffffffffff04")).ToArray();
        int length = 33 + first.Length + 4;
        Assert.Equal(
            [.. new byte[8], 0, 0, 0, (byte)length, 13, .. first[8..21], .. new byte[7], (byte)length, .. Int(33 + 8 + longKey.Length + 3 + 4), 0x8F, 212, .. longKey],
            blocks[2].Data);
        Assert.Empty(blocks[3].Data);
        Assert.Equal("PBUF", Encoding.ASCII.GetString(blocks[4].Data, 0, 4));

        var trailer = file[^4096..];
        Assert.Equal("TRABLK\"$", Encoding.ASCII.GetString(trailer, 0, 8));
        Assert.Equal([3, 0, 0, 3], trailer[^4..]);
        Assert.Equal(Enumerable.Range(1, 12), Fields(trailer.AsSpan(9, trailer[8])));
        Assert.All(blocks, b => Assert.True(b.ChecksumsAreRight));
    }

    [Fact]
    public void AnEmptyFileHasAnEmptyGzipMemberForEachIndex()
    {
        var file = HFileSamples.Write([], HFileCodec.Gzip);
        var blocks = Blocks(file);
        Assert.Equal(["IDXROOT2", "IDXROOT2", "FILEINF2"], blocks.Select(b => b.Magic));
        Assert.Equal(Convert.FromHexString("1f8b0800000000000000030000000000000000" + "00"), blocks[1].Data);
        Assert.Equal(24, blocks[1].OnDisk);
        Assert.Empty(HFileSamples.Read(file));
    }

    [Fact]
    public void DataBlocksEndBeforeSixtyFourKiB()
    {
        var cells = Enumerable.Range(0, 9000).Select(i => ($"{i:D6}", "0123456789")).ToArray();
        var blocks = Blocks(HFileSamples.Write(cells, HFileCodec.None));
        Assert.Equal(6, blocks.Count(b => b.Magic == "DATABLK*"));
        Assert.All(blocks, b => Assert.InRange(b.Data.Length, 0, HFileWriter.MostBlockBytes));
        Assert.All(blocks, b => Assert.True(b.ChecksumsAreRight));
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("\uFF5E", "\uD83D\uDE00", false)]
    [InlineData("\uD83D\uDE00", "\uFF5E")]
    [InlineData("aa", "a")]
    public void KeysAscendByTheirBytes(string first, string second, bool refused = true)
    {
        var error = Record.Exception(() => HFileSamples.Write([(first, ""), (second, "")], HFileCodec.None));
        Assert.Equal(refused, error is LakehouseException { Kind: LakehouseErrorKind.InvalidInput });
    }

    [Fact]
    public void ALongKeyIsRefused() =>
        Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => HFileSamples.Write([(new string('k', 40_000), "")], HFileCodec.None)).Kind);

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static List<int> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufFields(message, "h");
        var found = new List<int>();
        while (fields.MoveNext())
        {
            found.Add(fields.Field);
        }

        return found;
    }

    private static List<Block> Blocks(byte[] file)
    {
        var found = new List<Block>();
        for (int at = 0; at < file.Length - 4096;)
        {
            var header = file.AsSpan(at, 33);
            int onDisk = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
            int withHeader = BinaryPrimitives.ReadInt32BigEndian(header[29..]);
            Assert.Equal(16384, BinaryPrimitives.ReadInt32BigEndian(header[25..]));
            found.Add(new Block(
                Encoding.ASCII.GetString(header[..8]),
                onDisk,
                BinaryPrimitives.ReadInt64BigEndian(header[16..]),
                file[(at + 33)..(at + withHeader)],
                header[24] == 2 && Right(file.AsSpan(at, withHeader), file.AsSpan(at + withHeader, onDisk + 33 - withHeader))));
            at += 33 + onDisk;
        }

        return found;
    }

    /// <summary>CRC32C bit by bit (RFC 3720, B.4).</summary>
    private static bool Right(ReadOnlySpan<byte> block, ReadOnlySpan<byte> sums)
    {
        for (; !block.IsEmpty; block = block[Math.Min(16384, block.Length)..], sums = sums[4..])
        {
            uint sum = uint.MaxValue;
            foreach (byte next in block[..Math.Min(16384, block.Length)])
            {
                sum ^= next;
                for (int i = 0; i < 8; i++)
                {
                    sum = (sum >> 1) ^ ((sum & 1) * 0x82F63B78);
                }
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(sums) != ~sum)
            {
                return false;
            }
        }

        return sums.IsEmpty;
    }

    private sealed record Block(string Magic, int OnDisk, long Previous, byte[] Data, bool ChecksumsAreRight);
}
