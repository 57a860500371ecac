using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Filtering;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Core.Tests.Filtering;

public class PredicateTests
{
    private static readonly FsCheck.Config Thorough = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void Rows_are_selected_as_a_plain_model_selects_them() => Prop.ForAll(Seeds.Any, seed =>
    {
        var model = new PredicateModel(new Random(seed));
        var (batch, rows) = model.Batch();
        var (predicate, plain) = model.Predicate(3);
        Assert.Equal(rows.Select(r => plain(r) == true), Mask(predicate, batch));
        var half = rows.Count / 2;
        Assert.Equal(rows.Skip(half).Select(r => plain(r) == true), Mask(predicate, batch.Slice(half, rows.Count - half)));
    }).Check(Thorough);

    [Fact]
    public void Pruning_never_drops_a_row_that_matches() => Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        var model = new PredicateModel(random);
        var (batch, rows) = model.Batch();
        var (predicate, plain) = model.Predicate(3);
        if (rows.Any(r => plain(r) == true))
        {
            Assert.True(predicate.Bind(PredicateModel.Schema).MightMatch(new ModelStatistics(batch, random)), predicate.ToString());
        }
    }).Check(Thorough);

    [Fact]
    public void Pruning_drops_what_cannot_match()
    {
        var statistics = new Ranges
        {
            ["i64"] = new(StatisticValue.Whole(10), StatisticValue.Whole(20), 100, 0),
            ["f64"] = new(StatisticValue.OfReal(1), StatisticValue.OfReal(2), 100, 5),
            ["dec"] = new(StatisticValue.OfDecimal(105, 1), StatisticValue.OfDecimal(205, 1), 100, 0), // scale 1 in the file, 2 in the table
            ["s"] = new(StatisticValue.OfText("b"u8.ToArray()), StatisticValue.OfText("d"u8.ToArray()), 100, 0),
            ["day"] = new(null, null, 100, 100),
        };
        bool Might(Predicate p) => p.Bind(PredicateModel.Schema).MightMatch(statistics);

        Assert.False(Might(Column("i64") > 20));
        Assert.False(Might(Column("i64") >= 20.5));
        Assert.False(Might(Column("i64") < 10));
        Assert.False(Might(!(Column("i64") >= 10)));
        Assert.False(Might(Column("i64") == 9));
        Assert.False(Might(Column("i64").In(1, 2, 30)));
        Assert.False(Might(Column("i64").IsNull()));
        Assert.False(Might(Column("f64") > 2));
        Assert.False(Might(Column("dec") > 20.5m));
        Assert.False(Might(Column("s").StartsWith("a")));
        Assert.False(Might(Column("s").StartsWith("db")));
        Assert.False(Might(Column("s") > "d"));
        Assert.False(Might(Column("s").In("a", "e")));
        Assert.False(Might(Column("day") > new DateOnly(2020, 1, 1)));
        Assert.False(Might(Column("day").IsNotNull()));
        Assert.False(Might(Column("i64") > 12 & Column("s") == "x"));
        Assert.False(Might(Column("i64") > 22 | Column("s") == "x"));

        Assert.True(Might(Column("i64") >= 20));
        Assert.True(Might(Column("i64").In(1, 15)));
        Assert.True(Might(!(Column("f64") <= 2))); // NaN
        Assert.True(Might(Column("f64").IsNull()));
        Assert.True(Might(Column("dec") >= 20.5m));
        Assert.True(Might(Column("s").StartsWith("d")));
        Assert.True(Might(Column("s").StartsWith("")));
        Assert.True(Might(Column("ts") > DateTime.UnixEpoch)); // nothing known
        Assert.True(Might(Column("i64") > 22 | Column("s") == "c"));
    }

    [Fact]
    public void Statistics_of_another_type_do_not_prune()
    {
        var statistics = new Ranges { ["s"] = new(StatisticValue.Whole(5), StatisticValue.Whole(10), 2, 0), ["i64"] = new(StatisticValue.OfText("x"u8.ToArray()), null, 2, 0) };
        Assert.True((Column("s") == "7").Bind(PredicateModel.Schema).MightMatch(statistics));
        Assert.True((Column("i64") == 7).Bind(PredicateModel.Schema).MightMatch(statistics));
    }

    [Fact]
    public void Plain_values_of_Parquet_are_understood()
    {
        Assert.Equal(StatisticValue.OfDecimal(-2, 3), StatisticValue.FromPlain(new Decimal128Type(38, 3), new byte[] { 0xFF, 0xFE }, byteArray: true));
        Assert.Equal(StatisticValue.OfDecimal(-2, 3), StatisticValue.FromPlain(new Decimal128Type(9, 3), new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, byteArray: false));
        Assert.Equal(StatisticValue.Whole(uint.MaxValue), StatisticValue.FromPlain(UInt32Type.Default, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, byteArray: false));
        Assert.Equal(StatisticValue.OfReal(1.5), StatisticValue.FromPlain(FloatType.Default, BitConverter.GetBytes(1.5f), byteArray: false));
        Assert.Null(StatisticValue.FromPlain(DoubleType.Default, BitConverter.GetBytes(double.NaN), byteArray: false));
        Assert.Null(StatisticValue.FromPlain(Int64Type.Default, new byte[3], byteArray: false));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        void Refused(Predicate p, string message)
        {
            var error = Assert.Throws<LakehouseException>(() => p.Bind(PredicateModel.Schema));
            Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
            Assert.StartsWith(message, error.Message);
        }

        Refused(Column("nope") == 1, "The predicate names the column \"nope\", which the table does not have");
        Refused(Column("i64.x") == 1, "The predicate names the column \"i64.x\"");
        Refused(Column("i64") == "1", "The column \"i64\" (bigint) cannot be compared with '1'");
        Refused(Column("s") > 1, "The column \"s\" (string) cannot be compared with 1");
        Refused(Column("st") == 1, "The column \"st\" (struct<x int>) cannot be compared: its type has no comparison");
        Refused(Column("i64").StartsWith("1"), "The column \"i64\" (bigint) cannot be compared with '1': StartsWith needs a text column");
        Refused(Column("day") == "soon", "The column \"day\" (date) cannot be compared with 'soon'");
        Refused(Column("ts") == new TimeOnly(1, 2), "The column \"ts\" (timestamp) cannot be compared with TIME '01:02:00.000000'");
        string? nothing = null;
        Assert.Throws<LakehouseException>(() => Column("s") == nothing!);
    }

    [Fact]
    public void Dictionary_columns_are_tested_by_their_values()
    {
        var values = new StringArray.Builder().Append("a").AppendNull().Append("b").Build();
        var indices = new Int32Array.Builder().Append(2).Append(0).AppendNull().Append(1).Append(2).Build();
        var type = new DictionaryType(Int32Type.Default, StringType.Default, false);
        var schema = new Schema.Builder().Field(new Field("s", type, true)).Build();
        var batch = new RecordBatch(schema, [new DictionaryArray(type, indices, values)], 5);
        Assert.Equal([true, false, false, false, true], Mask(Column("s") == "b", batch, schema));
        Assert.Equal([false, true, false, false, false], Mask(!(Column("s") == "b"), batch, schema));
        Assert.Equal([false, false, true, true, false], Mask(Column("s").IsNull(), batch, schema));
        Assert.Equal([true, false, false, false], Mask(!(Column("s") == "a"), batch.Slice(0, 4), schema));
    }

    [Fact]
    public void Other_literals_find_their_values()
    {
        var id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        var schema = new Schema.Builder()
            .Field(new Field("uuid", StringType.Default, true)).Field(new Field("raw", new FixedSizeBinaryType(16), true)).Field(new Field("local", new TimestampType(TimeUnit.Nanosecond, (string?)null), true))
            .Field(new Field("big", Int64Type.Default, true)).Build();
        var builders = ColumnBuilders.Create(schema);
        ((BytesBuilder)builders[0]).Append(Encoding.UTF8.GetBytes(id.ToString()));
        ((FixedBytesBuilder)builders[1]).Append(Convert.FromHexString("00112233445566778899AABBCCDDEEFF"));
        ((FixedWidthBuilder<long>)builders[2]).Append(1_000_000_100);
        ((FixedWidthBuilder<long>)builders[3]).Append((1L << 53) + 1);
        var batch = new RecordBatch(schema, builders.Select(b => b.Build()), 1);
        Assert.Equal([true], Mask(Column("uuid") == id & Column("raw") == id & Column("raw") >= id.ToByteArray(true), batch, schema));
        Assert.Equal([true], Mask(Column("local") == DateTime.UnixEpoch.AddTicks(10_000_001) & Column("local") < DateTime.MaxValue & Column("local") > "1970-01-01T00:00:01", batch, schema));
        Assert.Equal([true], Mask(Column("big") > (double)(1L << 53) & Column("big") != (double)(1L << 53) & Column("big") < 1e300, batch, schema));
    }

    [Fact]
    public void A_predicate_prints_as_SQL() => Assert.Equal(
        "((\"fare\" > 10 AND \"ci\"\"ty\" IN ('os''lo', 'b')) OR (NOT \"day\" <= DATE '2024-01-02'))",
        (Column("fare") > 10 & Column("ci\"ty").In("os'lo", "b") | !(Column("day") <= new DateOnly(2024, 1, 2))).ToString());

    [Fact]
    public void Columns_looked_at_are_known() => Assert.Equal(
        ["i64", "st"], (Column("i64") > 1 & !(Column("st.x") == 2 | Column("i64").IsNull())).TopLevelColumns(PredicateModel.Schema).Order());

    private static bool[] Mask(Predicate predicate, RecordBatch batch, Schema? schema = null)
    {
        var mask = predicate.Bind(schema ?? PredicateModel.Schema).Select(batch);
        Assert.Equal(0, mask.NullCount);
        return [.. Enumerable.Range(0, mask.Length).Select(i => mask.GetValue(i)!.Value)];
    }

    private sealed class Ranges : Dictionary<string, ColumnRange>, IColumnStatistics
    {
        public ColumnRange? Find(string column) => this.GetValueOrDefault(column);
    }
}
