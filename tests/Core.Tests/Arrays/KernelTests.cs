using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Tests.Arrays;

public class KernelTests
{
    [Fact]
    public void Take_is_the_values_at_those_rows() => ForRandomArrays((random, type, values, array) =>
    {
        var rows = Enumerable.Range(0, random.Next(60)).Select(_ => values.Length == 0 ? -1 : random.Next(-1, values.Length)).ToArray();
        if (random.Next(2) == 0)
        {
            System.Array.Sort(rows); // neighbours
        }

        AssertSame(rows.Select(r => r < 0 ? null : values[r]), Kernels.Take(array, rows));
    });

    [Fact]
    public void Interleave_takes_each_row_from_its_source() => ForRandomArrays((random, type, values, array) =>
    {
        var models = new[] { values, RandomArrays.Values(random, type, random.Next(1, 30)), RandomArrays.Values(random, type, random.Next(30)) };
        var arrays = new[] { array, RandomArrays.Sliced(random, type, models[1]), RandomArrays.Sliced(random, type, models[2]) };
        var picks = new List<(int Source, int Row)>();
        while (picks.Count < 50)
        {
            int source = random.Next(3);
            int start = models[source].Length == 0 ? -1 : random.Next(-1, models[source].Length);
            int length = start < 0 ? 1 : random.Next(1, 12);
            picks.AddRange(Enumerable.Range(0, length).Select(i => (source, start + i)).Where(p => p.Item2 < models[source].Length));
        }

        AssertSame(
            picks.Select(p => p.Row < 0 ? null : models[p.Source][p.Row]),
            Kernels.Interleave(arrays, [.. picks.Select(p => p.Source)], [.. picks.Select(p => p.Row)]));
    });

    [Fact]
    public void Concat_puts_arrays_in_a_row() => ForRandomArrays((random, type, values, array) =>
    {
        var more = RandomArrays.Values(random, type, random.Next(70));
        AssertSame(values.Concat(more).Concat(values), Kernels.Concat([array, RandomArrays.Sliced(random, type, more), array]));
    });

    [Fact]
    public void Filter_keeps_what_is_true() => ForRandomArrays((random, type, values, array) =>
    {
        object?[] mask = [.. values.Select(_ => random.Next(4) switch { 0 => null, 1 => (object)false, _ => true })];
        var maskArray = (BooleanArray)RandomArrays.Sliced(random, BooleanType.Default, mask);
        AssertSame(values.Where((_, i) => mask[i] is true), Kernels.Filter(array, maskArray));
    });

    [Fact]
    public void Nulls_of_any_type() => ForRandomArrays((random, type, values, array) =>
    {
        var nulls = Kernels.Nulls(type, values.Length);
        AssertSame(values.Select(_ => (object?)null), nulls);
        AssertSame(values.Concat(values.Select(_ => (object?)null)), Kernels.Concat([array, nulls]));
    });

    [Fact]
    public void Equality_order_and_hash_agree_with_the_model() => ForRandomArrays((random, type, values, array) =>
    {
        var other = RandomArrays.Sliced(random, type, values);
        for (int n = 0; n < 40 && values.Length > 0; n++)
        {
            int i = random.Next(values.Length);
            int j = random.Next(values.Length);
            bool same = NaiveArrays.Show(values[i]) == NaiveArrays.Show(values[j]);
            Assert.Equal(same, Kernels.Equal(array, i, other, j));
            Assert.Equal(Math.Sign(Kernels.Compare(array, i, other, j)), -Math.Sign(Kernels.Compare(other, j, array, i)));
            if (same)
            {
                Assert.Equal(Kernels.Hash(array, i), Kernels.Hash(other, j));
            }
        }

        var order = Enumerable.Range(0, values.Length).ToArray();
        System.Array.Sort(order, (a, b) => Kernels.Compare(array, a, other, b));
        for (int i = 1; i < order.Length; i++)
        {
            Assert.True(Kernels.Compare(array, order[i - 1], array, order[i]) <= 0);
        }
    });

    [Fact]
    public void Hashes_of_rows_are_those_of_their_values_whatever_array_they_are_in() => ForRandomArrays((random, type, values, array) =>
    {
        var hashes = new ulong[values.Length];
        Kernels.HashRows([array, array], hashes);
        var rows = Enumerable.Range(0, values.Length).Reverse().ToArray();
        var reversed = Kernels.Take(array, rows);
        var again = new ulong[values.Length];
        Kernels.HashRows([reversed, reversed], again);
        Assert.Equal(hashes.Reverse(), again);
        Assert.True(hashes.Distinct().Count() <= values.Select(NaiveArrays.Show).Distinct().Count());
        Assert.True(hashes.Distinct().Count() >= values.Select(NaiveArrays.Show).Distinct().Count());
    });

    [Fact]
    public void The_first_null_is_found() => ForRandomArrays((random, type, values, array) =>
        Assert.Equal(System.Array.IndexOf(values, null), Kernels.IndexOfNull(array)));

    [Fact]
    public void A_decoded_dictionary_has_the_same_values() => ForRandomArrays((random, type, values, array) =>
    {
        using var decoded = Kernels.Decode(array);
        Assert.IsNotType<DictionaryArray>(decoded);
        Assert.Equal(NaiveArrays.ShowAll(values), NaiveArrays.ShowAll(NaiveArrays.Read(decoded)));
    });

    [Fact]
    public void Size_of_a_slice_is_that_of_its_compact_copy() => ForRandomArrays((random, type, values, array) =>
    {
        if (!HasDictionary(type))
        {
            long size = ArrowSize.Bytes(array);
            Assert.InRange(size, ArrowSize.Bytes(Kernels.Compact(array)), long.MaxValue);
        }
    });

    [Fact]
    public void Batches_are_treated_column_by_column()
    {
        var random = new Random(3);
        var schema = new Schema([new Field("a", StringType.Default, true), new Field("b", Int64Type.Default, true)], null);
        object?[][] Model(int rows) => [RandomArrays.Values(random, StringType.Default, rows), RandomArrays.Values(random, Int64Type.Default, rows)];
        RecordBatch Batch(object?[][] model) => new(schema, [RandomArrays.Sliced(random, StringType.Default, model[0]), RandomArrays.Sliced(random, Int64Type.Default, model[1])], model[0].Length);
        var (x, y) = (Model(20), Model(10));
        var (xs, ys) = (Batch(x), Batch(y));
        var mask = (BooleanArray)NaiveArrays.Build(BooleanType.Default, [.. Enumerable.Range(0, 20).Select(i => (object)(i % 3 == 0))]);
        for (int c = 0; c < 2; c++)
        {
            AssertSame([x[c][4], null, x[c][19]], Kernels.Take(xs, [4, -1, 19]).Column(c));
            AssertSame([x[c][4], y[c][9], y[c][0]], Kernels.Interleave([xs, ys], [0, 1, 1], [4, 9, 0]).Column(c));
            AssertSame(x[c].Concat(y[c]), Kernels.Concat([xs, ys]).Column(c));
            AssertSame(x[c].Where((_, i) => i % 3 == 0), Kernels.Filter(xs, mask).Column(c));
        }

        Assert.Equal((3, 30, 7), (Kernels.Take(xs, [4, -1, 19]).Length, Kernels.Concat([xs, ys]).Length, Kernels.Filter(xs, mask).Length));
        Assert.Throws<ArgumentException>(() => Kernels.Concat([xs.Column(0), xs.Column(1)]));
    }

    [Fact]
    public void Order_of_numbers_and_text()
    {
        var doubles = NaiveArrays.Build(DoubleType.Default, [null, double.NegativeInfinity, -1.0, -0.0, 0.0, 1.0, double.PositiveInfinity, double.NaN]);
        var text = NaiveArrays.Build(StringType.Default, [null, "", "a", "aa", "b", "\uffff", "\ud800\udc00"]);
        var decimals = new Decimal128Array.Builder(new Decimal128Type(10, 2)).AppendNull().Append(-3.5m).Append(-0.01m).Append(0m).Append(12m).Build();
        foreach (var array in new IArrowArray[] { doubles, text, decimals })
        {
            for (int i = 0; i < array.Length; i++)
            {
                for (int j = 0; j < array.Length; j++)
                {
                    Assert.Equal(i.CompareTo(j), Math.Sign(Kernels.Compare(array, i, array, j)));
                }
            }
        }
    }

    [Fact]
    public void A_constant_text_is_in_every_row()
    {
        foreach (int n in new[] { 0, 1, 2, 7, 1000 })
        {
            AssertSame(Enumerable.Repeat((object?)"p=é/1", n), Kernels.ConstantString("p=é/1", n));
            AssertSame(Enumerable.Repeat((object?)"", n), Kernels.ConstantString("", n));
        }
    }

    [Fact]
    public void Long_runs_with_odd_offsets_keep_every_bit()
    {
        var random = new Random(7);
        var values = RandomArrays.Values(random, BooleanType.Default, 3000);
        var array = ArrowArrayFactory.Slice(NaiveArrays.Build(BooleanType.Default, values), 3, 2990);
        for (int skip = 0; skip < 20; skip++)
        {
            AssertSame(values.Skip(3 + skip).Take(2900).Concat(values.Skip(3).Take(17)), Kernels.Concat([ArrowArrayFactory.Slice(array, skip, 2900), ArrowArrayFactory.Slice(array, 0, 17)]));
        }
    }

    [Fact]
    public void Offsets_outside_their_bytes_are_refused()
    {
        var offsets = new byte[12];
        BitConverter.TryWriteBytes(offsets.AsSpan(4), 3);
        BitConverter.TryWriteBytes(offsets.AsSpan(8), 9);
        var array = new StringArray(2, new ArrowBuffer(offsets), new ArrowBuffer("abcde"u8.ToArray()), ArrowBuffer.Empty);
        AssertSame(["abc"], Kernels.Take(array, [0]));
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => Kernels.Take(array, [1])).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernels.Take(array, [2]));
    }

    [Fact]
    public void A_dictionary_that_outgrows_its_indexes_is_refused()
    {
        var type = new DictionaryType(Int8Type.Default, StringType.Default, false);
        IArrowArray Of(string prefix) => NaiveArrays.Build(type, [.. Enumerable.Range(0, 100).Select(i => (object?)$"{prefix}{i}")]);
        Assert.Contains("200 entries", Assert.Throws<LakehouseException>(() => Kernels.Concat([Of("a"), Of("b")])).Message);
    }

    internal static void AssertSame(IEnumerable<object?> expected, IArrowArray actual)
    {
        Assert.Equal(NaiveArrays.ShowAll(expected), NaiveArrays.ShowAll(NaiveArrays.Read(actual)));
        Assert.Equal(0, actual.Offset);
    }

    internal static bool HasDictionary(IArrowType type) => type is DictionaryType || (type is NestedType n && n.Fields.Any(f => HasDictionary(f.DataType)));

    internal static void ForRandomArrays(Action<Random, IArrowType, object?[], IArrowArray> test) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var type = RandomArrays.Type(random);
            var values = RandomArrays.Values(random, type, random.Next(3) == 0 ? random.Next(4) : random.Next(150));
            test(random, type, values, RandomArrays.Sliced(random, type, values));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(100));
}
