using System.Data;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Rows;

namespace OllaLab.Lakehouse.Table.Tests.Rows;

public class DataReaderTests
{
    private static readonly Schema Schema = new Schema.Builder()
        .Field(new Field("id", StringType.Default, false)).Field(new Field("n", Int32Type.Default, true)).Field(new Field("amount", new Decimal128Type(12, 2), true))
        .Field(new Field("at", new TimestampType(TimeUnit.Microsecond, "UTC"), true)).Field(new Field("day", Date32Type.Default, true)).Field(new Field("tags", new ListType(StringType.Default), true)).Build();

    private static readonly Row[] Rows =
    [
        new("a", 1, 12.34m, new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateOnly(2024, 1, 2), ["x", "y"]),
        new("b", null, null, null, null, null),
        new("c", -3, -0.01m, DateTime.UnixEpoch, DateOnly.MinValue, []),
    ];

    public record Row(string Id, int? N, decimal? Amount, DateTime? At, DateOnly? Day, List<string>? Tags);

    [Fact]
    public void Rows_are_read_by_typed_getters_and_by_objects()
    {
        using var reader = Open(batchRows: 2);
        Assert.True(reader.HasRows);
        Assert.Throws<InvalidOperationException>(() => reader.GetInt32(1));
        Assert.True(reader.Read());
        Assert.Equal(("a", 1, 12.34m, 1L), (reader.GetString(0), reader.GetInt32(1), reader.GetDecimal(2), reader.GetInt64(1)));
        Assert.Equal(new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), reader.GetDateTime(3));
        Assert.Equal(DateTimeKind.Utc, reader.GetDateTime(3).Kind);
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, default), reader.GetFieldValue<DateTimeOffset>(3));
        Assert.Equal(new DateOnly(2024, 1, 2), reader["DAY"]);
        Assert.Equal(["x", "y"], (List<string>)reader["tags"]);
        Assert.Equal(["x", "y"], reader.GetFieldValue<string[]>(5));
        Assert.True(reader.Read());
        Assert.True(reader.IsDBNull(1));
        Assert.Equal(DBNull.Value, reader[1]);
        Assert.Null(reader.GetFieldValue<int?>(1));
        Assert.Throws<LakehouseException>(() => reader.GetInt32(1));
        Assert.True(reader.Read()); // the next batch: accessors asked for before are bound to it
        Assert.Equal(-3, reader.GetFieldValue<int?>(1));
        Assert.Equal(-0.01m, reader.GetDecimal(2));
        Assert.False(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.NextResult());
    }

    [Fact]
    public void A_data_table_loads_from_it()
    {
        var table = new DataTable();
        table.Load(Open(batchRows: 2));
        Assert.Equal(3, table.Rows.Count);
        Assert.Equal(12.34m, table.Rows[0]["amount"]);
        Assert.Equal(DBNull.Value, table.Rows[1]["amount"]);
    }

    [Fact]
    public void What_a_reader_gives_goes_back_into_batches()
    {
        using var reader = Open(batchRows: 1);
        var back = DataReaderBatches.ReadAsync(reader, Schema, batchRows: 2);
        Assert.Equivalent(Rows, RowBatches.ToObjectsAsync<Row>(back, Schema).ToBlockingEnumerable().ToArray(), strict: true);
    }

    [Fact]
    public void A_schema_is_inferred_from_a_reader()
    {
        using var reader = Open(batchRows: 2);
        Assert.Equal(
            ["id string False", "n int True", "amount decimal(12,2) True", "at timestamp True", "day date True", "tags array<string> True"],
            DataReaderBatches.InferSchema(reader).FieldsList.Select(f => $"{f.Name} {Text.TypeNames.Describe(f.DataType)} {f.IsNullable}"));
    }

    [Fact]
    public void Columns_of_a_data_table_are_matched_and_checked()
    {
        var table = new DataTable();
        table.Columns.Add("ID", typeof(string));
        table.Columns.Add("n", typeof(long));
        table.Columns.Add("day", typeof(DateTime));
        table.Rows.Add("a", 5L, new DateTime(2024, 1, 2));
        var batch = DataReaderBatches.ReadAsync(table.CreateDataReader(), Schema).ToBlockingEnumerable().Single();
        Assert.Equal(new Row("a", 5, null, null, new DateOnly(2024, 1, 2), null), RowBatches.ToObjectsAsync<Row>(new[] { batch }.ToAsyncEnumerable(), Schema).ToBlockingEnumerable().Single());

        table.Rows.Add("b", 1L << 40, null);
        Refused("Row 1, column \"n\": 1099511627776 does not fit the column", table);
        table.Rows[1]["n"] = 1L;
        table.Rows[1]["day"] = new DateTime(2024, 1, 2, 3, 0, 0);
        Refused("Row 1, column \"day\": 01/02/2024 03:00:00 does not fit the column", table);
        table.Rows[1]["day"] = DBNull.Value;
        table.Rows[1]["ID"] = DBNull.Value;
        Refused("Row 1, column \"id\": null, but the column must have a value", table);
        table.Columns.Add("other", typeof(int));
        Refused("The data reader's column \"other\" is not a column of the table", table);
        table.Columns.Remove("other");
        table.Columns.Remove("ID");
        Refused("The data reader lacks the column \"id\"", table);
    }

    private static void Refused(string message, DataTable table)
    {
        var error = Assert.Throws<LakehouseException>(() => DataReaderBatches.ReadAsync(table.CreateDataReader(), Schema).ToBlockingEnumerable().ToList());
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.StartsWith(message, error.Message);
    }

    private static LakehouseDataReader Open(int batchRows) => new(RowBatches.FromObjects(Rows, Schema, batchRows).ToAsyncEnumerable(), Schema);
}
