using System.ComponentModel.DataAnnotations.Schema;
using System.Data;
using OllaLab.Lakehouse.Storage;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Table.Tests.Rows;

public class TableObjectsTests
{
    public record Trip(string Id, long Ts, string? City, double? Fare)
    {
        public List<string> Tags { get; init; } = [];
    }

    public record TripKey(string Id);

    public record Brief(string Id, [property: Column("_hoodie_record_key")] string Key, double? Fare);

    public record Stranger(string Id, int Nope);

    [Fact]
    public async Task Objects_are_upserted_read_and_deleted()
    {
        await using var trips = await CreateAsync();
        await trips.UpsertAsync<Trip>([new("a", 1, "oslo", 1.5) { Tags = ["x"] }, new("b", 1, "oslo", null)]);
        var result = await trips.UpsertAsync(new[] { new Trip("b", 2, "oslo", 20), new Trip("c", 1, null, 30) }.ToAsyncEnumerable());
        Assert.Equal((1, 1), (result.Inserted, result.Updated));
        var rows = await trips.ReadAsync<Trip>().OrderBy(t => t.Id).ToListAsync();
        Assert.Equivalent(new Trip[] { new("a", 1, "oslo", 1.5) { Tags = ["x"] }, new("b", 2, "oslo", 20), new("c", 1, null, 30) }, rows, strict: true);
        Assert.Equal([new Brief("b", "b", 20), new Brief("c", "c", 30)], await trips.ReadAsync<Brief>(new() { Where = Column("Fare") > 10 }).OrderBy(t => t.Id).ToListAsync());

        Assert.Equal(1, (await trips.DeleteAsync<TripKey>([new("b"), new("nobody")])).Deleted);
        Assert.Equal(["a", "c"], await trips.ReadAsync<TripKey>().Select(t => t.Id).Order().ToListAsync());
    }

    [Fact]
    public async Task Data_readers_go_in_and_come_out()
    {
        await using var trips = await CreateAsync();
        var table = new DataTable();
        table.Columns.Add("ID", typeof(string));
        table.Columns.Add("ts", typeof(int));
        table.Columns.Add("tags", typeof(string[]));
        table.Rows.Add("a", 1, new[] { "x", "y" });
        table.Rows.Add("b", 2, System.Array.Empty<string>());
        Assert.Equal(2, (await trips.UpsertAsync(table.CreateDataReader())).Inserted);
        await using var reader = await trips.OpenReaderAsync(new() { Columns = ["Id", "Ts", "Tags"], Where = Column("Ts") == 1 });
        Assert.True(await reader.ReadAsync());
        Assert.Equal(("a", 1L), (reader.GetString(0), reader.GetInt64(1)));
        Assert.Equal(["x", "y"], reader.GetFieldValue<string[]>(2));
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_type_and_property_and_nothing_is_written()
    {
        await using var trips = await CreateAsync();
        var error = await Assert.ThrowsAsync<LakehouseException>(() => trips.UpsertAsync<Stranger>([new("a", 1)]));
        Assert.StartsWith("Stranger.Nope: there is no column \"Nope\" (table memory://", error.Message);
        error = await Assert.ThrowsAsync<LakehouseException>(() => trips.UpsertAsync<Trip>([new("a", 1, null, null), new(null!, 1, null, null)]));
        Assert.StartsWith("Row 1, Trip.Id: null, but the column must have a value (table memory://", error.Message);
        error = await Assert.ThrowsAsync<LakehouseException>(async () => await trips.ReadAsync<Stranger>().ToListAsync());
        Assert.StartsWith("Stranger.Nope: there is no column \"Nope\"", error.Message);
        Assert.Empty(await trips.ReadAsync<Trip>().ToListAsync());
    }

    [Fact]
    public void Schemas_come_from_types_readers_and_text()
    {
        Assert.Equal(["Id", "Ts", "City", "Fare", "Tags"], LakehouseSchema.Of<Trip>().FieldsList.Select(f => f.Name));
        Assert.Equal(["id", "n"], LakehouseSchema.Parse("id string not null, n int").FieldsList.Select(f => f.Name));
        var table = new DataTable();
        table.Columns.Add("x", typeof(Guid));
        Assert.Equal("string", Text.TypeNames.Describe(LakehouseSchema.Of(table.CreateDataReader()).GetFieldByIndex(0).DataType));
    }

    private static Task<LakehouseTable> CreateAsync() =>
        LakehouseTable.CreateAsync(new MemoryObjectStore("trips"), LakehouseSchema.Of<Trip>(), new TableOptions { Name = "trips", Keys = ["Id"], Ordering = ["Ts"] });
}
