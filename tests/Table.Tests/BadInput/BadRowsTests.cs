using System.Text;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Tests.BadInput;

/// <summary>Rows that do not fit the table.</summary>
public sealed class BadRowsTests
{
    private static readonly WriteOperation[] All = Enum.GetValues<WriteOperation>();
    private static readonly WriteOperation[] WholeRows = [WriteOperation.Upsert, WriteOperation.Insert, WriteOperation.BulkInsert];

    [Theory]
    [InlineData("""{"id":"x","part":"a","ts":"late"}""", "Line 3", "ts", "late")]
    [InlineData("""{"id":"x","part":"a","ts":1,"number":3000000000}""", "Line 3", "number", "3000000000")]
    [InlineData("""{"id":"x","part":"a","ts":1.5}""", "Line 3", "ts", "1.5")]
    [InlineData("""{"id":"x","part":"a","ts":1,"nope":1}""", "Line 3", "nope")]
    [InlineData("""{"id":"x","part":"a","ts":1""", "Line 3")]
    [InlineData("""{"part":"a","ts":1}""", "Line 3", "id")]
    [InlineData("""{"id":null,"part":"a","ts":1}""", "Line 3", "id")]
    public async Task A_line_of_json(string line, params string[] words)
    {
        var store = await TestTable.MakeAsync(9);
        foreach (var operation in WholeRows)
        {
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            var text = "{\"id\":\"k1\",\"part\":\"a\",\"ts\":1}\n\n" + line + "\n";
            await Refusal.OfAsync(
                store,
                () => table.WriteAsync(operation, JsonLinesReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Row.Schema)),
                LakehouseErrorKind.InvalidInput,
                words);
        }
    }

    [Fact]
    public async Task A_null_key_names_the_row_of_the_whole_input()
    {
        var store = await TestTable.MakeAsync(9);
        var good = Row.ToBatch([TestTable.Of(1, 1), TestTable.Of(2, 1)]);
        var schema = new Schema([.. Row.Schema.FieldsList.Select(f => new Field(f.Name, f.DataType, true))], null);
        var rows = Row.ToBatch([TestTable.Of(3, 1), TestTable.Of(4, 1)]);
        var nullKey = new RecordBatch(schema, [new StringArray.Builder().Append("k3").AppendNull().Build(), .. rows.Arrays.Skip(1)], 2);
        await Refusal.OfWritesAsync(store, [good, nullKey], [WriteOperation.Upsert, WriteOperation.Insert, WriteOperation.Delete], LakehouseErrorKind.InvalidInput, "id", "row 4");
        var nullOrdering = new RecordBatch(schema, [rows.Column(0), rows.Column(1), new Int64Array.Builder().Append(1).AppendNull().Build(), .. rows.Arrays.Skip(3)], 2);
        await Refusal.OfWritesAsync(store, [good, nullOrdering], [WriteOperation.Upsert], LakehouseErrorKind.InvalidInput, "ts", "row 4");
    }

    [Fact]
    public async Task A_null_in_a_nullable_key_or_ordering_column()
    {
        var store = new MemoryObjectStore();
        var schema = new Schema([.. Row.Schema.FieldsList.Select(f => new Field(f.Name, f.DataType, true))], null);
        await LakehouseTable.CreateAsync(store, schema, new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] }, TestTable.Resources);
        var rows = Row.ToBatch([TestTable.Of(3, 1), TestTable.Of(4, 1)]);
        var nullKey = new RecordBatch(schema, [new StringArray.Builder().Append("k3").AppendNull().Build(), .. rows.Arrays.Skip(1)], 2);
        await Refusal.OfWritesAsync(store, [nullKey], All, LakehouseErrorKind.InvalidInput, "id", "row 2");
        var nullOrdering = new RecordBatch(schema, [rows.Column(0), rows.Column(1), new Int64Array.Builder().Append(1).AppendNull().Build(), .. rows.Arrays.Skip(3)], 2);
        await Refusal.OfWritesAsync(store, [nullOrdering], [WriteOperation.Upsert], LakehouseErrorKind.InvalidInput, "ts", "row 2");
    }

    [Fact]
    public async Task Columns_that_are_missing_unknown_or_there_twice()
    {
        var store = await TestTable.MakeAsync(9);
        var rows = Row.ToBatch([TestTable.Of(1, 1)]);
        RecordBatch Of(params (Field Field, IArrowArray Column)[] columns) => new(new Schema(columns.Select(c => c.Field), null), columns.Select(c => c.Column), 1);
        var all = Row.Schema.FieldsList.Zip(rows.Arrays).ToArray();
        await Refusal.OfWritesAsync(store, [Of([.. all.Skip(1)])], WholeRows, LakehouseErrorKind.InvalidInput, "column id is missing");
        await Refusal.OfWritesAsync(store, [Of([.. all.Skip(1)])], [WriteOperation.Delete], LakehouseErrorKind.InvalidInput, "id");
        await Refusal.OfWritesAsync(store, [Of([all[0], .. all.Skip(2)])], WholeRows, LakehouseErrorKind.InvalidInput, "column part is missing");
        await Refusal.OfWritesAsync(store, [Of([all[0], all[1], .. all.Skip(3)])], WholeRows, LakehouseErrorKind.InvalidInput, "column ts is missing");
        await Refusal.OfWritesAsync(store, [Of([.. all, (new Field("nope", StringType.Default, true), rows.Column(0))])], WholeRows, LakehouseErrorKind.InvalidInput, "column nope");
        await Refusal.OfWritesAsync(store, [Of([.. all, all[3]])], WholeRows, LakehouseErrorKind.InvalidInput, "column text is there twice");
        await Refusal.OfWritesAsync(store, [Of([.. all, all[0]])], All, LakehouseErrorKind.InvalidInput, "column id is there twice");
        await Refusal.OfWritesAsync(
            store, [Of([all[0], all[1], (new Field("ts", StringType.Default, false), new StringArray.Builder().Append("1").Build()), .. all.Skip(3)])], WholeRows, LakehouseErrorKind.InvalidInput, "column ts");
    }

    [Fact]
    public async Task A_number_that_does_not_fit_names_the_row_of_the_whole_input()
    {
        var store = await TestTable.MakeAsync(9);
        var rows = Row.ToBatch([TestTable.Of(1, 1), TestTable.Of(2, 1), TestTable.Of(3, 1)]);
        var fields = Row.Schema.FieldsList.ToArray();
        fields[4] = new Field("number", Int64Type.Default, true);
        IArrowArray[] columns = [.. rows.Arrays];
        columns[4] = new Int64Array.Builder().Append(1).AppendNull().Append(3_000_000_000).Build();
        var wide = new RecordBatch(new Schema(fields, null), columns, 3);
        await Refusal.OfWritesAsync(store, [rows, wide], [WriteOperation.Upsert, WriteOperation.Insert], LakehouseErrorKind.InvalidInput, "number", "3000000000", "row 6");
        await Refusal.OfWritesAsync(store, [wide], WholeRows, LakehouseErrorKind.InvalidInput, "number", "3000000000", "row 3");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("../../etc")]
    [InlineData("/etc")]
    public async Task A_partition_value_that_would_leave_its_folder(string value)
    {
        var store = await TestTable.MakeAsync(9);
        await Refusal.OfWritesAsync(store, [Row.ToBatch([TestTable.Of(1, 1) with { Part = value }])], All, LakehouseErrorKind.InvalidInput, "part", value, "row 1");
        var local = Directory.CreateTempSubdirectory("lakehouse-bad-").FullName;
        try
        {
            var disk = new LocalObjectStore(Path.Combine(local, "table"));
            await LakehouseTable.CreateAsync(disk, Row.Schema, new TableOptions { Keys = ["id"], Partitions = ["part"] });
            await Refusal.OfWritesAsync(disk, [Row.ToBatch([TestTable.Of(1, 1) with { Part = value }])], All, LakehouseErrorKind.InvalidInput, "part");
            Assert.Single(Directory.EnumerateFileSystemEntries(local));
        }
        finally
        {
            Directory.Delete(local, recursive: true);
        }
    }

    [Fact]
    public async Task A_bulk_insert_that_goes_wrong_half_way_takes_its_files_back()
    {
        var store = await TestTable.MakeAsync(9);
        var rows = await TestTable.ReadAsync(store);
        var files = (await TestTable.ListAsync(store)).Where(f => !f.Key.StartsWith(".hoodie/", StringComparison.Ordinal));
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var good = Row.ToBatch([.. Enumerable.Range(300, 60).Select(i => TestTable.Of(i, 1))]);
        var bad = new RecordBatch(new Schema([.. Row.Schema.FieldsList, new Field("nope", StringType.Default, true)], null), [.. good.Arrays, good.Column(0)], good.Length);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => table.BulkInsertAsync([good, good, bad]));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Equal(rows, await TestTable.ReadAsync(store));
        Assert.Equal(files, (await TestTable.ListAsync(store)).Where(f => !f.Key.StartsWith(".hoodie/", StringComparison.Ordinal)));
        Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
    }
}
