using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

public sealed class DeleteTests
{
    private static readonly string[] Ddls = ["o int", "o bigint", "o float", "o double", "o boolean", "o string", "o decimal(10,2)", "o binary", "o int, p string"];

    /// <summary>Records of Hudi's delete blocks with ordering values of every class: ours of the same value are the same bytes.</summary>
    [Fact]
    public async Task RecordsAreThoseThatHudiWrites()
    {
        int compared = 0;
        var path = Directory.GetFiles(LogVectorTests.FolderOf("v9/delete")).Single(f => !f.EndsWith(".json", StringComparison.Ordinal));
        var file = File.ReadAllBytes(path);
        var (blocks, reader) = await LogFiles.ReadAsync(file);
        foreach (var block in blocks)
        {
            var deletes = await reader.ReadDeletesAsync(block, CancellationToken.None);
            var records = Records(LogFiles.Content(file, block).AsSpan(8));
            for (int row = 0; row < deletes.Count; row++)
            {
                var key = new StringArray.Builder().Append(deletes.Keys.GetString(row)).Build();
                var ordering = deletes.IsCommitTime(row) ? null : Ordering(deletes, row);
                if (records[row].Branch is OrderingBranch.Date or OrderingBranch.TimestampMicros)
                {
                    continue; // Written as int and long: the classes that Hudi has for rows.
                }

                var ours = await LogFiles.WriteAsync(w => w.AppendDeletesAsync(key, deletes.PartitionPaths.GetString(row), ordering, LogFiles.Headers, CancellationToken.None).AsTask());
                Assert.Equal([2, .. records[row].Bytes, 0], LogFiles.Content(ours, (await LogFiles.ReadAsync(ours)).Blocks[0])[8..]);
                compared++;
            }
        }

        Assert.Equal(25, compared);
    }

    [Fact]
    public async Task ValuesThatHaveNoCounterpartAreNull()
    {
        var keys = new StringArray.Builder().Append("a").Append("b").Append("c").Build();
        var ordering = new Int64Array.Builder().Append(7).AppendNull().Append(0).Build();
        var file = await LogFiles.WriteAsync(w => w.AppendDeletesAsync(keys, "p", [ordering], LogFiles.Headers, CancellationToken.None).AsTask());
        var (blocks, reader) = await LogFiles.ReadAsync(file);
        var deletes = await reader.ReadDeletesAsync(blocks[0], CancellationToken.None);

        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(deletes.IsCommitTime));
        Assert.Equal([7L, null, 0L], ((Int64Array)deletes.OrderingAs(TableSchema.FromDdl("o bigint", "t"), ["o"])[0]).ToArray());
        Assert.Equal([7, null, 0], ((Int32Array)deletes.OrderingAs(TableSchema.FromDdl("s struct<o: int>", "t"), ["s.o"])[0]).ToArray());
        Assert.Equal(3, deletes.OrderingAs(TableSchema.FromDdl("o string", "t"), ["o"])[0].NullCount);
        Assert.All(deletes.OrderingAs(TableSchema.FromDdl("o bigint, p string", "t"), ["o", "p"]), column => Assert.Equal(3, column.NullCount));
        Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => deletes.OrderingAs(TableSchema.FromDdl("o bigint", "t"), ["x"])).Kind);
    }

    [Fact]
    public async Task NoDeletesAreABlockToo()
    {
        var file = await LogFiles.WriteAsync(w => w.AppendDeletesAsync(new StringArray.Builder().Build(), "", null, LogFiles.Headers, CancellationToken.None).AsTask());
        var (blocks, reader) = await LogFiles.ReadAsync(file);
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 1, 0], LogFiles.Content(file, blocks[0]));
        Assert.Equal(0, (await reader.ReadDeletesAsync(blocks[0], CancellationToken.None)).Count);
    }

    [Theory]
    [InlineData(1, "Kryo")]
    [InlineData(2, "Kryo")]
    [InlineData(4, "version 4")]
    public async Task OtherVersionsAreRefused(int version, string named)
    {
        var file = await LogFiles.WriteAsync(w => w.AppendDeletesAsync(new StringArray.Builder().Append("k").Build(), "", null, LogFiles.Headers, CancellationToken.None).AsTask());
        var (blocks, _) = await LogFiles.ReadAsync(file);
        file[blocks[0].ContentStart + 3] = (byte)version;
        (blocks, var reader) = await LogFiles.ReadAsync(file);
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await reader.ReadDeletesAsync(blocks[0], CancellationToken.None));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(LogFiles.Path, error.Path);
    }

    /// <summary>The ordering value of one delete in the first type that holds it.</summary>
    private static IArrowArray[] Ordering(LogDeletes deletes, int row)
    {
        foreach (var ddl in Ddls)
        {
            var table = TableSchema.FromDdl(ddl, "t");
            var columns = deletes.OrderingAs(table, [.. table.Root.Fields.Select(f => f.Name)]);
            if (columns[0].IsValid(row) && Stays(ddl, deletes, row))
            {
                return [.. columns.Select(c => ArrowArrayFactory.Slice(c, row, 1))];
            }
        }

        throw new InvalidOperationException($"No type holds the ordering value of delete {row}.");
    }

    /// <summary>Ints fit a long column too, and longs an int one: the vectors tell by the key which was meant.</summary>
    private static bool Stays(string ddl, LogDeletes deletes, int row) =>
        !(ddl == "o int" && deletes.Keys.GetString(row) is "o4" or "o22") && !(ddl == "o double" && deletes.Keys.GetString(row) == "o6");

    private static List<(byte[] Bytes, OrderingBranch Branch)> Records(ReadOnlySpan<byte> list)
    {
        var records = new List<(byte[] Bytes, OrderingBranch Branch)>();
        var input = new AvroInput(list);
        for (int count = input.ReadBlockCount(); count > 0; count--)
        {
            int start = input.Position;
            for (int text = 0; text < 2; text++)
            {
                input.ReadInt();
                input.ReadBytes();
            }

            var branch = (OrderingBranch)(list[input.Position] >> 1);
            OrderingValue.Skip(ref input, isItem: false);
            records.Add((list[start..input.Position].ToArray(), branch));
        }

        return records;
    }
}
