using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Services;

namespace Compaction.Tests;

/// <summary>The order of a clustering's rows, against plain sorting.</summary>
public sealed class SortedRowsTests
{
    private static readonly Schema Columns = new([new Field("n", DoubleType.Default, true), new Field("s", StringType.Default, true), new Field("i", Int32Type.Default, false)], null);
    private static readonly TableSchema Table = TableSchema.FromArrow(Columns, "t");

    private sealed record Row(double? Number, string? Text);

    private static readonly Arbitrary<Row[]> Any = Arb.From(
        Gen.ArrayOf(
            from number in Gen.Elements<double?>(null, double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1.5, -0.0, 0.0, 1e-300, 2, 1e300)
            from text in Gen.Elements(null, "", "\0", "\0\0", "a", "a\0", "a\0b", "ab", "b", "\u00ff", "\ud83d\ude00")
            select new Row(number, text)));

    [Fact]
    public void Rows_are_sorted_by_one_column_after_the_other_whatever_the_memory() => Prop.ForAll(Any, Gen.Elements(1L, 3_000L, 1L << 30).ToArbitrary(), (rows, memory) =>
    {
        var expected = rows.Select((r, i) => (r, i)).OrderBy(x => Rank(x.r.Number)).ThenBy(x => x.r.Number is double.NaN ? 0 : x.r.Number ?? 0).ThenBy(x => x.r.Text is null ? 0 : 1).ThenBy(x => Encoding.UTF8.GetBytes(x.r.Text ?? ""), Bytes).ThenBy(x => x.i).Select(x => x.i);
        Assert.Equal(expected, Sort(rows, SortKeys.Create(["n", "s"], ClusteringLayout.Linear, Table)!, memory));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_curve_loses_no_row_and_does_not_depend_on_the_memory() => Prop.ForAll(Any, rows =>
    {
        foreach (var layout in new[] { ClusteringLayout.ZOrder, ClusteringLayout.Hilbert })
        {
            var keys = SortKeys.Create(["n", "s"], layout, Table)!;
            var order = Sort(rows, keys, 1L << 30);
            Assert.Equal(Enumerable.Range(0, rows.Length), order.Order());
            Assert.Equal(order, Sort(rows, keys, 1));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Neighbours_on_a_Hilbert_curve_are_neighbours_in_space()
    {
        const int bits = 4;
        var cells = Enumerable.Range(0, 1 << bits).SelectMany(x => Enumerable.Range(0, 1 << bits).Select(y => (x, y))).OrderBy(c => Key([(ulong)c.x << (64 - bits), (ulong)c.y << (64 - bits)], hilbert: true), Bytes).ToList();
        Assert.All(cells.Zip(cells.Skip(1)), p => Assert.Equal(1, Math.Abs(p.First.x - p.Second.x) + Math.Abs(p.First.y - p.Second.y)));
        Assert.Equal([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0b11], Key([1UL << 63 | 1, 1], hilbert: false));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("list")]
    public void A_column_that_rows_cannot_be_sorted_by_is_refused(string column)
    {
        var table = TableSchema.FromArrow(new Schema([.. Columns.FieldsList, new Field("list", new ListType(Int32Type.Default), true)], null), "t");
        Assert.Contains(column, Assert.Throws<LakehouseException>(() => SortKeys.Create([column], ClusteringLayout.Linear, table)).Message, StringComparison.Ordinal);
    }

    private static readonly Comparer<byte[]> Bytes = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private static int Rank(double? number) => number is null ? 0 : double.IsNaN(number.Value) ? 2 : 1;

    private static byte[] Key(ulong[] axes, bool hilbert)
    {
        if (hilbert)
        {
            CurveKeys.ToHilbert(axes);
        }

        var key = new byte[axes.Length * 8];
        CurveKeys.Interleave(axes, key);
        return key;
    }

    // The rows' numbers in their order.
    private static List<int> Sort(Row[] rows, SortKeys keys, long memory)
    {
        using var sorted = new SortedRows(memory, null, 7);
        var number = 0;
        foreach (var chunk in rows.Chunk(3))
        {
            var (n, s, i) = (new DoubleArray.Builder(), new StringArray.Builder(), new Int32Array.Builder());
            foreach (var row in chunk)
            {
                _ = row.Number is { } value ? n.Append(value) : n.AppendNull();
                _ = row.Text is { } text ? s.Append(text) : s.AppendNull();
                i.Append(number++);
            }

            var batch = new RecordBatch(Columns, [n.Build(), s.Build(), i.Build()], chunk.Length);
            sorted.Add(batch, keys.Of(batch));
        }

        return [.. sorted.Read().SelectMany(b => Enumerable.Range(0, b.Length).Select(r => ((Int32Array)b.Column(2)).GetValue(r)!.Value))];
    }
}
