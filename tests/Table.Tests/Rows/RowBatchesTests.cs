using System.ComponentModel.DataAnnotations.Schema;
using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Rows;

namespace OllaLab.Lakehouse.Table.Tests.Rows;

public class RowBatchesTests
{
    public enum Colour
    {
        Red,
        Green,
    }

    public record Point(int X, double? Y);

    public class Everything
    {
        public required string Id { get; init; }

        public bool Flag { get; set; }

        public sbyte Small { get; set; }

        public int? Count { get; set; }

        public long Big { get; set; }

        public float F { get; set; }

        public double D { get; set; }

        [Column(TypeName = "decimal(20, 4)")]
        public decimal Amount { get; set; }

        public string? Note { get; set; }

        public byte[]? Raw { get; set; }

        public Guid Key { get; set; }

        public Colour Colour { get; set; }

        public Colour? Other { get; set; }

        public DateOnly Day { get; set; }

        public TimeOnly Time { get; set; }

        public DateTime At { get; set; }

        public DateTimeOffset? When { get; set; }

        public List<string?>? Tags { get; set; }

        public int[] Numbers { get; set; } = [];

        public Dictionary<string, double> Scores { get; set; } = [];

        public Point? Where { get; set; }

        public List<Point> Path { get; set; } = [];

        [Column("renamed_column")]
        public string? Renamed { get; set; }

        [NotMapped]
        public string NotAColumn => "x";
    }

    public record Trip([property: Column("trip_id")] string Id, long Ts, double? Fare)
    {
        public string? City { get; init; }
    }

    public readonly record struct Pair(string A, int B);

    [Fact]
    public void Objects_come_back_as_they_went() => Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, random.Next(40)).Select(i => Make(random, i)).ToList();
        var schema = RowBatches.InferSchema<Everything>();
        var batches = RowBatches.FromObjects(rows, schema, batchRows: 7).ToList();
        Assert.All(batches, b => Assert.True(b.Length is > 0 and <= 7));
        var back = RowBatches.ToObjectsAsync<Everything>(batches.ToAsyncEnumerable(), schema).ToBlockingEnumerable().ToList();
        Assert.Equivalent(rows, back, strict: true);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_schema_follows_types_and_annotations()
    {
        var schema = RowBatches.InferSchema<Everything>();
        string Of(string name) => schema.GetFieldByName(name) is var f ? Text.TypeNames.Describe(f.DataType) + (f.IsNullable ? "?" : "") : "";
        Assert.Equal(
            ["string", "boolean", "int", "int?", "bigint", "decimal(20,4)", "string?", "binary?", "string", "date", "time", "timestamp", "timestamp?", "array<string>?", "array<int>", "map<string,double>", "struct<X int, Y double>?", "string?"],
            new[] { "Id", "Flag", "Small", "Count", "Big", "Amount", "Note", "Raw", "Key", "Day", "Time", "At", "When", "Tags", "Numbers", "Scores", "Where", "renamed_column" }.Select(Of));
        Assert.True(((ListType)schema.GetFieldByName("Tags").DataType).ValueField.IsNullable);
        Assert.False(((ListType)schema.GetFieldByName("Numbers").DataType).ValueField.IsNullable);
        Assert.Null(schema.GetFieldByName("NotAColumn"));
    }

    [Fact]
    public void Records_are_made_by_their_constructor_and_columns_found_in_any_case()
    {
        var schema = new Schema.Builder()
            .Field(new Field("extra", StringType.Default, true)).Field(new Field("CITY", StringType.Default, true)).Field(new Field("fare", DoubleType.Default, true))
            .Field(new Field("ts", Int64Type.Default, true)).Field(new Field("trip_id", StringType.Default, false)).Build();
        Trip[] trips = [new("a", 1, null), new("b", 2, 1.5) { City = "oslo" }];
        Assert.Equal(["CITY", "fare", "ts", "trip_id"], RowBatches.ColumnsOf<Trip>(schema));
        var batches = RowBatches.FromObjectsAsync(trips.ToAsyncEnumerable(), schema);
        Assert.Equal(trips, RowBatches.ToObjectsAsync<Trip>(batches, schema).ToBlockingEnumerable());
        Assert.Equal([new Pair("x", 1)], RowBatches.ToObjectsAsync<Pair>(RowBatches.FromObjects<Pair>([new("x", 1)], RowBatches.InferSchema<Pair>()).ToAsyncEnumerable(), RowBatches.InferSchema<Pair>()).ToBlockingEnumerable());
    }

    [Fact]
    public void Numbers_are_widened_and_checked()
    {
        var schema = new Schema.Builder().Field(new Field("a", new Decimal128Type(10, 2), true)).Field(new Field("b", Int8Type.Default, true)).Build();
        var batch = RowBatches.FromObjects<Pair2>([new(12, 7)], schema).Single();
        Assert.Equal([new Pair2(12, 7)], RowBatches.ToObjectsAsync<Pair2>(new[] { RowBatches.FromObjects<Pair2>([new(12, 7)], Pair2.Longs).Single() }.ToAsyncEnumerable(), Pair2.Longs).ToBlockingEnumerable());
        Refused("Row 1, Pair2.B: 300 does not fit the column", () => RowBatches.FromObjects<Pair2>([new(1, 2), new(1, 300)], schema).ToList());
        Refused("Row 0, Pair2.A: 1000000000 does not fit the column", () => RowBatches.FromObjects<Pair2>([new(1_000_000_000, 300)], schema).ToList());
        var big = RowBatches.FromObjects<Pair2L>([new(long.MaxValue, 1)], Pair2.Longs).ToAsyncEnumerable();
        Refused("Pair2.A: a value does not fit Int32", () => RowBatches.ToObjectsAsync<Pair2>(big, Pair2.Longs).ToBlockingEnumerable().ToList());
    }

    public record Pair2(int A, int B)
    {
        public static readonly Schema Longs = new Schema.Builder().Field(new Field("a", Int64Type.Default, true)).Field(new Field("b", Int64Type.Default, true)).Build();
    }

    public record Pair2L(long A, long B);

    public record Missing(string A, string Nope);

    public record Wrong(DateTime A);

    public record Required(string? A);

    public record OnlyB(string B);

    public class Endless
    {
        public Endless? Next { get; set; }
    }

    [Fact]
    public void Mismatches_name_type_and_property()
    {
        var schema = new Schema.Builder().Field(new Field("a", StringType.Default, false)).Field(new Field("b", StringType.Default, true)).Build();
        Refused("Missing.Nope: there is no column \"Nope\"", () => RowBatches.FromObjects<Missing>([], schema).ToList());
        Refused("Missing.Nope: there is no column \"Nope\"", () => RowBatches.ToObjectsAsync<Missing>(AsyncEnumerable.Empty<RecordBatch>(), schema).ToBlockingEnumerable().ToList());
        Refused("Wrong.A: DateTime does not fit a column of type string", () => RowBatches.FromObjects<Wrong>([], schema).ToList());
        Refused("Wrong.A: DateTime does not fit a column of type string", () => RowBatches.ToObjectsAsync<Wrong>(AsyncEnumerable.Empty<RecordBatch>(), schema).ToBlockingEnumerable().ToList());
        Refused("Row 0, Required.A: null, but the column must have a value", () => RowBatches.FromObjects<Required>([new(null)], schema).ToList());
        Refused("OnlyB has no property for the column \"a\", which must have a value", () => RowBatches.FromObjects<OnlyB>([], schema).ToList());
        Refused("Endless holds itself", () => RowBatches.InferSchema<Endless>());
        var nulls = new Schema.Builder().Field(new Field("a", StringType.Default, true)).Field(new Field("b", Int32Type.Default, true)).Build();
        var batch = RowBatches.FromObjects<Required2>([new("x", null)], nulls);
        Refused("Pair.B: the column holds a null, which Int32 cannot", () => RowBatches.ToObjectsAsync<Pair>(batch.ToAsyncEnumerable(), nulls).ToBlockingEnumerable().ToList());
    }

    public record Required2(string? A, int? B);

    private static void Refused(string message, Action action)
    {
        var error = Assert.Throws<LakehouseException>(action);
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.StartsWith(message, error.Message);
    }

    private static Everything Make(Random random, int i) => new()
    {
        Id = "k" + i,
        Flag = random.Next(2) == 0,
        Small = (sbyte)random.Next(-128, 128),
        Count = random.Next(3) == 0 ? null : random.Next(),
        Big = random.NextInt64(long.MinValue, long.MaxValue),
        F = random.NextSingle(),
        D = random.Next(9) == 0 ? double.NaN : random.NextDouble(),
        Amount = random.Next(4) == 0 ? -9999999999999999.9999m : random.Next(-99999, 99999) / 10000m,
        Note = random.Next(3) == 0 ? null : "ünï" + i,
        Raw = random.Next(3) == 0 ? null : [1, 2, (byte)i],
        Key = new Guid(random.Next(), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        Colour = (Colour)random.Next(2),
        Other = random.Next(2) == 0 ? null : Colour.Green,
        Day = DateOnly.FromDayNumber(random.Next(3_000_000)),
        Time = new TimeOnly(random.NextInt64(TimeSpan.TicksPerDay) / 10 * 10),
        At = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks) / 10 * 10, DateTimeKind.Utc),
        When = random.Next(2) == 0 ? null : new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks) / 10 * 10, TimeSpan.Zero),
        Tags = random.Next(3) == 0 ? null : [.. Enumerable.Range(0, random.Next(3)).Select(j => j == 0 ? null : "t" + j)],
        Numbers = [.. Enumerable.Range(0, random.Next(3))],
        Scores = Enumerable.Range(0, random.Next(3)).ToDictionary(j => "s" + j, j => j / 2.0),
        Where = random.Next(2) == 0 ? null : new Point(i, random.Next(2) == 0 ? null : 1.5),
        Path = [.. Enumerable.Range(0, random.Next(3)).Select(j => new Point(j, null))],
        Renamed = "r",
    };
}
