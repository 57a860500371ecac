using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Index.Tests;

public class KeyGeneratorTests
{
    [Fact]
    public void A_string_key_column_is_handed_out_without_a_copy()
    {
        var ids = Strings("a", "b");
        var keys = Simple("id", "p").Generate(Batch(("id", ids), ("p", Strings("x", "x"))));
        Assert.Same(ids, keys.RecordKeys);
    }

    [Fact]
    public void Paths_are_distinct_in_order_of_appearance()
    {
        var keys = Simple("id", "p").Generate(Batch(("id", Strings("1", "2", "3", "4", "5")), ("p", Strings("b", "a", "b", null, ""))));
        Assert.Equal(["b", "a", PartitionPathText.Default], keys.PartitionPaths);
        Assert.Equal([0, 1, 0, 2, 2], keys.PartitionCodes);
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("", "empty")]
    public void A_null_or_empty_key_is_refused_with_column_and_row(string? key, string why)
    {
        var error = Assert.Throws<LakehouseException>(() => Simple("id", "p").Generate(Batch(("id", Strings("a", key)), ("p", Strings("x", "x"))), firstRow: 1000));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains($"'id' is {why} in row 1002", error.Message);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("/etc")]
    [InlineData(".")]
    public void A_partition_value_that_leaves_its_folder_is_refused_with_the_remedy(string value)
    {
        var error = Assert.Throws<LakehouseException>(() => Simple("id", "p").Generate(Batch(("id", Strings("a", "b")), ("p", Strings("x", value)))));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains($"'{value}' of partition column 'p' in row 2", error.Message);
        Assert.Contains("urlencode", error.Message);
    }

    [Fact]
    public void Dates_may_lie_in_nested_folders()
    {
        var generator = Create(KeyGeneratorType.Simple, ["id"], ["p"], s => s with { SlashSeparatedDates = true });
        Assert.Equal(["2024/01/05"], generator.Generate(Batch(("id", Strings("a")), ("p", Strings("2024-01-05")))).PartitionPaths);
        foreach (string value in (string[])["-5", "a//b", "../x"])
        {
            Assert.Throws<LakehouseException>(() => generator.Generate(Batch(("id", Strings("a")), ("p", Strings(value)))));
        }
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        var error = Assert.Throws<LakehouseException>(() => Simple("id", "p").Generate(Batch(("id", Strings("a")))));
        Assert.Contains("no column 'p'", error.Message);
    }

    [Fact]
    public void Generated_keys_count_over_batches()
    {
        var generator = Create(KeyGeneratorType.NonPartitioned, [], [], s => s with { AutoKeys = new AutoKeys("20260101000000000", 7) });
        var first = generator.Generate(Batch(("v", Strings("x", "y"))));
        var second = generator.Generate(Batch(("v", Strings("z"))));
        Assert.Equal(["20260101000000000_7_0", "20260101000000000_7_1"], Texts(first.RecordKeys));
        Assert.Equal(["20260101000000000_7_2"], Texts(second.RecordKeys));
        Assert.Equal([string.Empty], second.PartitionPaths);
        Assert.Throws<LakehouseException>(() => Create(KeyGeneratorType.NonPartitioned, [], []));
    }

    [Fact]
    public void Slices_of_batches_give_the_keys_of_their_rows()
    {
        var gen = Gen.Choose(0, 5).Select(i => i == 0 ? null : $"v{i}").ListOf().Where(l => l.Count > 2).SelectMany(l => Gen.Choose(0, l.Count - 1), (values, start) => (values, start));
        var generator = Create(KeyGeneratorType.Complex, ["id", "s.a"], ["s.a", "n"]);
        Prop.ForAll(gen.ToArbitrary(), x =>
        {
            string?[] values = [.. x.values];
            var whole = Batch(("id", Strings([.. values.Select((_, i) => $"k{i}")])), ("n", Longs([.. values.Select((_, i) => (long)i / 2)])), ("s", Struct(values)));
            var all = Rows(generator.Generate(whole));
            int length = values.Length - x.start;
            var slice = new RecordBatch(whole.Schema, whole.Arrays.Select(a => ArrowArrayFactory.Slice(a, x.start, length)), length);
            return Rows(generator.Generate(slice)).SequenceEqual(all.Skip(x.start));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Columns_are_the_top_level_ones()
    {
        Assert.Equal(["id", "s", "n"], Create(KeyGeneratorType.Complex, ["id", "s.a"], ["s.a", "n"]).Columns);
    }

    [Fact]
    public void A_table_says_which_generator_it_has()
    {
        var schema = TableSchema.FromArrow(Batch(("id", Strings("a")), ("p", Strings("x")), ("n", Longs(1))).Schema, "t");
        var generator = KeyGeneratorFactory.Create(Config(("hoodie.table.keygenerator.type", "COMPLEX"), ("hoodie.datasource.write.hive_style_partitioning", "true")), schema);
        var keys = generator.Generate(Batch(("id", Strings("a")), ("p", Strings("x"))));
        Assert.Equal(["id:a"], Texts(keys.RecordKeys));
        Assert.Equal(["p=x"], keys.PartitionPaths);

        var unknown = Assert.Throws<LakehouseException>(() => KeyGeneratorFactory.Create(Config(("hoodie.table.keygenerator.class", "com.acme.Own")), schema));
        Assert.Equal(LakehouseErrorKind.Unsupported, unknown.Kind);
        Assert.Contains("com.acme.Own", unknown.Message);

        var absent = Assert.Throws<LakehouseException>(() => KeyGeneratorFactory.Create(Config(("hoodie.table.recordkey.fields", "gone")), schema));
        Assert.Contains("no column 'gone'", absent.Message);
    }

    [Fact]
    public void What_a_table_does_not_store_comes_from_the_writers_options()
    {
        var config = Config(
            ("hoodie.table.version", "6"), ("hoodie.timeline.layout.version", "1"), ("hoodie.table.keygenerator.class", "org.apache.hudi.keygen.CustomKeyGenerator"), ("hoodie.table.partition.fields", "p,n"));
        var schema = TableSchema.FromArrow(Batch(("id", Strings("a")), ("p", Strings("x")), ("n", Longs(1))).Schema, "t");
        Assert.Contains("p:SIMPLE", Assert.Throws<LakehouseException>(() => KeyGeneratorFactory.Create(config, schema)).Message);
        var options = new Dictionary<string, string>
        {
            [KeyGeneratorSettings.PartitionFieldOption] = "p:simple, n:TIMESTAMP",
            ["hoodie.keygen.timebased.timestamp.type"] = "UNIX_TIMESTAMP",
            ["hoodie.keygen.timebased.output.dateformat"] = "yyyy/MM",
        };
        var keys = KeyGeneratorFactory.Create(config, schema, options).Generate(Batch(("id", Strings("a")), ("p", Strings("x")), ("n", Longs(1709210096))));
        Assert.Equal(["x/2024/02"], keys.PartitionPaths);
    }

    [Fact]
    public void A_complex_key_of_one_field_may_be_bare_in_older_tables()
    {
        var config = Config(("hoodie.table.version", "8"), ("hoodie.table.keygenerator.type", "COMPLEX"));
        Assert.True(ComplexKeyEncoding.IsAmbiguous(config));
        Assert.False(ComplexKeyEncoding.IsAmbiguous(Config(("hoodie.table.keygenerator.type", "COMPLEX"))));
        Assert.True(ComplexKeyEncoding.IsBare("id", "id:1", "7"));
        Assert.False(ComplexKeyEncoding.IsBare("id", "id:1", "id:9"));
        var bare = KeyGeneratorSettings.From(config, new Dictionary<string, string> { [KeyGeneratorSettings.ComplexNewEncodingOption] = "true" });
        Assert.Equal(["a"], Texts(KeyGeneratorFactory.Create(bare).Generate(Batch(("id", Strings("a")), ("p", Strings("x")))).RecordKeys));
    }

    private static IKeyGenerator Simple(string key, string partition) => Create(KeyGeneratorType.Simple, [key], [partition]);

    private static IKeyGenerator Create(KeyGeneratorType kind, string[] keys, string[] partitions, Func<KeyGeneratorSettings, KeyGeneratorSettings>? change = null)
    {
        var settings = new KeyGeneratorSettings { Kind = kind, RecordKeyFields = keys, PartitionFields = [.. partitions.Select(p => new PartitionField(p))] };
        return KeyGeneratorFactory.Create(change is null ? settings : change(settings));
    }

    private static TableConfig Config(params (string Key, string Value)[] changes)
    {
        var properties = new Dictionary<string, string>
        {
            ["hoodie.table.name"] = "t", ["hoodie.table.version"] = "9", ["hoodie.table.recordkey.fields"] = "id", ["hoodie.table.partition.fields"] = "p",
        };
        foreach (var (key, value) in changes)
        {
            properties[key] = value;
        }

        return TableConfig.Parse(properties, "/t");
    }

    private static RecordBatch Batch(params (string Name, IArrowArray Column)[] columns) =>
        new(new Schema([.. columns.Select(c => new Field(c.Name, c.Column.Data.DataType, true))], null), columns.Select(c => c.Column), columns[0].Column.Length);

    private static StringArray Strings(params string?[] values)
    {
        var builder = new StringArray.Builder();
        foreach (string? value in values)
        {
            builder.Append(value!);
        }

        return builder.Build();
    }

    private static Int64Array Longs(params long[] values) => new Int64Array.Builder().AppendRange(values).Build();

    private static StructArray Struct(string?[] values) =>
        new(new StructType([new Field("a", StringType.Default, true)]), values.Length, [Strings(values)], ArrowBuffer.Empty, 0);

    private static IEnumerable<string> Texts(StringArray array) => Enumerable.Range(0, array.Length).Select(i => array.GetString(i));

    private static List<string> Rows(GeneratedKeys keys) => [.. Texts(keys.RecordKeys).Select((k, i) => k + " in " + keys.PartitionPaths[keys.PartitionCodes[i]])];
}
