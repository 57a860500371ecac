using System.Text;
using Apache.Arrow;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Index.Tests.Metadata.Statistics;

/// <summary>What statistics rule out holds no row that matches: random files of a slice, their records in both versions of the index, random conditions.</summary>
public class SkippingPropertyTests
{
    private static readonly TableSchema Table = TableSchema.FromAvro("""
        {"type":"record","name":"r","fields":[
         {"name":"b","type":["null","boolean"],"default":null},{"name":"i","type":["null","int"],"default":null},{"name":"l","type":["null","long"],"default":null},
         {"name":"f","type":["null","float"],"default":null},{"name":"d","type":["null","double"],"default":null},{"name":"s","type":["null","string"],"default":null},
         {"name":"n","type":["null",{"type":"bytes","logicalType":"decimal","precision":20,"scale":5}],"default":null},
         {"name":"m","type":["null",{"type":"bytes","logicalType":"decimal","precision":38,"scale":10}],"default":null},
         {"name":"day","type":["null",{"type":"int","logicalType":"date"}],"default":null},{"name":"t","type":["null",{"type":"long","logicalType":"time-micros"}],"default":null},
         {"name":"us","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},{"name":"ms","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},
         {"name":"local","type":["null",{"type":"long","logicalType":"local-timestamp-micros"}],"default":null},
         {"name":"st","type":["null",{"type":"record","name":"st","fields":[{"name":"x","type":["null","int"],"default":null}]}],"default":null}]}
        """);

    private static readonly string[] Texts = ["", "a", "ab", "b", "z", "\u00FC", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0001F600", "\U0010FFFF"];
    private static readonly double[] Reals = [double.NaN, -0.0, 0.0, 1.5, 2, -2.25, 1e30, double.PositiveInfinity, double.NegativeInfinity];
    private static readonly long[] Longs = [long.MinValue, -1, 0, 1, 1_000, 86_399_999_999, long.MaxValue / 1_000, long.MaxValue];
    private static readonly int[] Ints = [int.MinValue, -1, 0, 1, 100, int.MaxValue];

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public void Nothing_that_matches_is_ruled_out(int version)
    {
        var skipped = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var columns = Columns(version);
            var files = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Batch(random)).ToList();
            var stored = files.Select(f => Stored(f, columns, version)).ToList();
            var statistics = new MergedStatistics(columns.Select(c => c.Name), files.Count, (c, i) => stored[i].GetValueOrDefault(c));
            var partition = ColumnStatsRecords.OfPartition("p", [.. files.Select(f => Bounds(f, columns))], columns, version >= 9 ? 2 : 1)
                .ToDictionary(r => r.ColumnName!, r => StoredBounds.Of(r, columns.Single(c => c.Name == r.ColumnName).Type));
            var whole = new MergedStatistics(columns.Select(c => c.Name), 1, (c, _) => partition.GetValueOrDefault(c));

            // Rows of a partial merge have columns of several files.
            var mixed = Mixed(random, files);
            for (var i = 0; i < 20; i++)
            {
                var condition = Condition(random, 2).Bind(Table.Arrow);
                var matches = files.Append(mixed).Any(f => Enumerable.Range(0, f.Length).Any(r => condition.Select(f).GetValue(r) == true));
                skipped += condition.MightMatch(statistics) ? 0 : 1;
                Assert.False(matches && !condition.MightMatch(statistics), $"seed {seed}: files {condition}");
                Assert.False(matches && !condition.MightMatch(whole), $"seed {seed}: partition");
            }
        }).QuickCheckThrowOnFailure();
        Assert.True(skipped > 100, $"{skipped} skipped");
    }

    private static IReadOnlyList<ColumnStatsColumn> Columns(int version) =>
        [.. Table.Root.Fields.Where(f => f.Name != "st").Select(f => f.Name).Append("st.x").Select(n => ColumnStatsColumns.Find(Table, n)!).Where(c => version >= 9 || c.Name != "m")];

    private static IReadOnlyList<ColumnBounds> Bounds(RecordBatch file, IReadOnlyList<ColumnStatsColumn> columns)
    {
        var rows = new BoundsAccumulator([.. columns.Select(c => c.Name)]);
        rows.Add(file);
        return rows.Finish();
    }

    private static Dictionary<string, ColumnBounds?> Stored(RecordBatch file, IReadOnlyList<ColumnStatsColumn> columns, int version) =>
        ColumnStatsRecords.OfFile("f", Bounds(file, columns), columns, version >= 9 ? 2 : 1)
            .ToDictionary(r => r.ColumnName!, r => StoredBounds.Of(r, columns.Single(c => c.Name == r.ColumnName).Type));

    private static RecordBatch Mixed(Random random, List<RecordBatch> files)
    {
        var filled = files.Where(f => f.Length > 0).ToList();
        return filled.Count == 0
            ? files[0]
            : new RecordBatch(Table.Arrow, Enumerable.Range(0, Table.Arrow.FieldsList.Count).Select(c => filled[random.Next(filled.Count)]).Select((f, c) => Kernels.Take(f.Column(c), [random.Next(f.Length)])), 1);
    }

    private static RecordBatch Batch(Random random)
    {
        var builders = ColumnBuilders.Create(Table.Arrow);
        var nulls = random.Next(4) switch { 0 => 0.0, 1 => 1.0, _ => 0.25 };
        var count = random.Next(6);
        var spread = random.Next(1, 4);
        for (var row = 0; row < count; row++)
        {
            for (var c = 0; c < builders.Length; c++)
            {
                Append(random, builders[c], Table.Root.Fields[c].Name, random.NextDouble() < nulls, spread);
            }
        }

        return new RecordBatch(Table.Arrow, builders.Select(b => b.Build()), count);
    }

    private static void Append(Random random, ColumnBuilder builder, string column, bool isNull, int spread)
    {
        switch (builder)
        {
            case var b when isNull: b.AppendNull(); break;
            case StructBuilder b: Append(random, b.Fields[0], "x", random.Next(3) == 0, spread); b.Append(); break;
            case FixedWidthBuilder<int> b when column == "day": b.Append(random.Next(-400, 400) / spread); break;
            case FixedWidthBuilder<int> b: b.Append(Pick(random, Ints)); break;
            case FixedWidthBuilder<long> b when column is "us" or "local": b.Append(random.Next(20) == 0 ? Pick(random, Longs) : random.Next(-300, 300) / spread); break;
            case FixedWidthBuilder<long> b when column == "ms": b.Append(random.Next(-3, 3)); break;
            case FixedWidthBuilder<long> b: b.Append(Pick(random, Longs)); break;
            case FixedWidthBuilder<float> b: b.Append((float)Reals[random.Next(spread - 1, Reals.Length)]); break;
            case FixedWidthBuilder<double> b: b.Append(Reals[random.Next(spread - 1, spread + 4)]); break;
            case BooleanBuilder b: b.Append(random.Next(spread) == 0); break;
            case BytesBuilder b: b.Append(Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length / spread)])); break;
            case FixedBytesBuilder b:
                var bytes = new byte[16];
                System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes, (Int128)Pick(random, Ints) * (column == "n" ? 100 : 1));
                b.Append(bytes);
                break;
            default: throw new NotSupportedException(column);
        }
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static Predicate Condition(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var (a, b) = (Condition(random, depth - 1), Condition(random, depth - 1));
            return random.Next(4) switch { 0 => !a, 1 => a | b, _ => a & b };
        }

        var (name, literal) = random.Next(13) switch
        {
            0 => ("b", (Literal)(random.Next(2) == 0)),
            1 => ("i", Pick(random, Ints)),
            2 => ("l", Pick(random, Longs)),
            3 => ("f", (float)Pick(random, Reals)),
            4 => ("d", Pick(random, Reals)),
            5 or 6 => ("s", Pick(random, Texts)),
            7 => ("n", Pick(random, Ints) / 1000m),
            8 => ("m", Pick(random, Ints) / 10_000_000_000m),
            9 => ("day", new DateOnly(1970, 1, 1).AddDays(random.Next(-400, 400))),
            10 => ("us", DateTimeOffset.UnixEpoch.AddTicks(random.Next(-3000, 3000))),
            11 => ("ms", DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next(-3, 3))),
            _ => ("st.x", Pick(random, Ints)),
        };
        var column = Column(name);
        return random.Next(8) switch
        {
            0 => column.IsNull(),
            1 => column.IsNotNull(),
            2 => column == literal,
            3 => column != literal,
            4 => column < literal,
            5 => column >= literal,
            6 => column.In([literal]),
            _ => name == "s" ? column.StartsWith(Pick(random, Texts)) : column > literal,
        };
    }
}
