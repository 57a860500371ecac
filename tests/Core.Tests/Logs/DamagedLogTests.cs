using System.Buffers.Binary;
using System.Diagnostics;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>Logs that were cut off or damaged: read as Hudi reads them, or refused with what is wrong.</summary>
public sealed class DamagedLogTests
{
    private static readonly byte[] Good = File.ReadAllBytes(Directory.GetFiles(LogVectorTests.FolderOf("v9/several-blocks")).Single(f => !f.EndsWith(".json", StringComparison.Ordinal)));

    [Fact]
    public async Task EveryPrefixGivesItsWholeBlocks()
    {
        var (all, _) = await LogFiles.ReadAsync(Good);
        for (int length = 0; length <= Good.Length; length++)
        {
            var (blocks, _) = await LogFiles.ReadAsync(Good[..length]);
            var whole = all.Where(b => b.End <= length).ToList();
            Assert.Equal(whole.Select(b => (b.Type, b.Start, b.End)), blocks.Where(b => b.Type != LogBlockType.Corrupt).Select(b => (b.Type, b.Start, b.End)));
            long end = whole.Count == 0 ? 0 : whole[^1].End;
            Assert.Equal(length - end >= 6, blocks.Exists(b => b.Type == LogBlockType.Corrupt && b.Start == end && b.End == length));
        }
    }

    [Fact]
    public async Task DamagedBytesAreReadInBoundedTimeAndMemory()
    {
        var random = new Random(5);
        var (all, _) = await LogFiles.ReadAsync(Good);
        var clock = Stopwatch.StartNew();
        long before = GC.GetTotalAllocatedBytes();
        int refused = 0;
        const int Rounds = 1500;
        for (int i = 0; i < Rounds; i++)
        {
            var bytes = (byte[])Good.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Half of the damage in the frames' numbers, where it does most harm.
                var block = all[random.Next(all.Count)];
                int place = random.Next(4) switch
                {
                    0 => (int)block.Start + random.Next(34),
                    1 => (int)block.ContentStart - 8 + random.Next(40),
                    2 => (int)block.End - 1 - random.Next(12),
                    _ => random.Next(bytes.Length),
                };
                place = Math.Min(place, bytes.Length - 1);
                bytes[place] = random.Next(3) == 0 ? (byte)(bytes[place] ^ (1 << random.Next(8))) : (byte)random.Next(256);
            }

            refused += await IsRefusedAsync(random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes) ? 1 : 0;
        }

        Assert.InRange(refused, Rounds / 20, Rounds * 19 / 20);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(120), $"{clock.Elapsed}");
        Assert.True((GC.GetTotalAllocatedBytes() - before) / Rounds < 4 << 20, $"{(GC.GetTotalAllocatedBytes() - before) / Rounds} bytes a file");
    }

    [Fact]
    public async Task DamagedSchemasAreNamed()
    {
        var random = new Random(9);
        var (all, _) = await LogFiles.ReadAsync(Good);
        string[] parts = ["\"", "[", "]", "{", "}", ":", ",", "1", "x", "null", "type"];
        for (int i = 0; i < 800; i++)
        {
            var bytes = (byte[])Good.Clone();
            int place = (int)all[0].Start + 40 + random.Next((int)(all[0].ContentStart - all[0].Start) - 60);
            System.Text.Encoding.ASCII.GetBytes(parts[random.Next(parts.Length)]).CopyTo(bytes, place);
            await IsRefusedAsync(bytes);
        }
    }

    [Fact]
    public async Task LengthsAreNotBelieved()
    {
        var table = TableSchema.FromDdl("id int, s string, l array<int>", "t");
        var rows = new RecordBatch(
            table.Arrow, [new Int32Array.Builder().Append(1).Build(), new StringArray.Builder().Append("text").Build(), Kernels.Nulls(table.Arrow.FieldsList[2].DataType, 1)], 1);
        var good = await LogFiles.WriteRowsAsync(LogBlockType.AvroData, rows, table);
        int content = (int)(await LogFiles.ReadAsync(good)).Blocks[0].ContentStart;
        foreach (int place in new[] { content - 8, content - 4, content + 4, content + 8 })
        {
            foreach (int value in new[] { int.MaxValue, int.MinValue, -1, 1_000_000 })
            {
                var bytes = (byte[])good.Clone();
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(place), value);
                Assert.True(await IsRefusedAsync(bytes), $"{place - content}: {value}");
            }
        }
    }

    [Theory]
    [InlineData(14, 0, "version 0")]
    [InlineData(14, 2, "version 2")]
    [InlineData(18, 7, "type 7")]
    [InlineData(18, 2, "corrupt")]
    public async Task FramesOfOtherVersionsAndTypesAreNamed(int place, int value, string named)
    {
        var bytes = (byte[])Good.Clone();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(place), value);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => LogFiles.ReadAsync(bytes));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(LogFiles.Path, error.Path);
    }

    [Fact]
    public async Task OtherContentVersionsAndCommandsAreNamed()
    {
        var (blocks, _) = await LogFiles.ReadAsync(Good);
        var bytes = (byte[])Good.Clone();
        bytes[blocks[0].ContentStart + 3] = 4;
        Assert.True(await IsRefusedAsync(bytes));

        var command = await LogFiles.WriteAsync(w => w.AppendRollbackAsync("20240102030405678", "20240102030405679", CancellationToken.None).AsTask());
        var at = command.AsSpan().IndexOf(new byte[] { 0, 0, 0, 3, 0, 0, 0, 1 });
        command[at + 8] = (byte)'1';
        var error = await Assert.ThrowsAsync<LakehouseException>(() => LogFiles.ReadAsync(command));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains("'1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadersOfLaterFormatsAreToleratedAndForeignFilesAreNot()
    {
        var bytes = (byte[])Good.Clone();
        bytes[29] = 99; // The key of the first header entry.
        Assert.Single((await LogFiles.ReadAsync(bytes)).Blocks[0].Headers);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => LogFiles.ReadAsync("PAR1 and more"u8.ToArray()));
        Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
    }

    [Fact]
    public async Task LargeBlocksAreReadInChunks()
    {
        var table = TableSchema.FromDdl("id int, s string", "t");
        var text = new string('x', 3 << 20);
        var ids = new Int32Array.Builder();
        var texts = new StringArray.Builder();
        for (int i = 0; i < 40; i++)
        {
            ids.Append(i);
            texts.Append(i % 3 == 0 ? text : "short");
        }

        var good = await LogFiles.WriteRowsAsync(LogBlockType.AvroData, new RecordBatch(table.Arrow, [ids.Build(), texts.Build()], 40), table);
        var (blocks, reader) = await LogFiles.ReadAsync(good);
        var batches = await reader.RowsAsync(blocks[0], table, table.Arrow);
        Assert.Equal(Enumerable.Range(0, 40), batches.SelectMany(b => ((Int32Array)b.Column(0)).ToArray().Select(v => v!.Value)));
        Assert.All(batches, b => Assert.True(((StringArray)b.Column(1)).Data.Buffers[2].Length <= (64 << 20) + text.Length));
        batches.ForEach(b => b.Dispose());
    }

    private static async Task<bool> IsRefusedAsync(byte[] bytes)
    {
        try
        {
            var (blocks, reader) = await LogFiles.ReadAsync(bytes);
            foreach (var block in blocks.Where(b => b.Type != LogBlockType.Corrupt))
            {
                await ReadContentAsync(reader, block);
            }

            return false;
        }
        catch (LakehouseException e)
        {
            Assert.True(e.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.Unsupported, e.Message);
            Assert.Equal(LogFiles.Path, e.Path);
            return true;
        }
    }

    private static async Task ReadContentAsync(LogBlockReader reader, LogBlock block)
    {
        if (block.Type == LogBlockType.Delete)
        {
            var deletes = await reader.ReadDeletesAsync(block, CancellationToken.None);
            deletes.OrderingAs(TableSchema.FromDdl("o bigint", "t"), ["o"]);
        }
        else if (block.HasRows)
        {
            var table = reader.SchemaOf(block);
            await foreach (var batch in reader.ReadRowsAsync(block, table, table.Arrow, 100, CancellationToken.None))
            {
                batch.Dispose();
            }
        }
    }
}
