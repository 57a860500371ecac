using OllaLab.Lakehouse.Schemas.Evolution;

namespace OllaLab.Lakehouse.Core.Tests.Schemas;

/// <summary>Schema-on-read evolution: columns by number.</summary>
public class InternalSchemaTests
{
    // As Hudi 1.2 wrote it after nested columns were added, renamed and retyped.
    private const string Deep = """
        {"max_column_id":38,"version_id":20261125143142195,"type":"record","fields":[{"id":0,"name":"_hoodie_commit_time","optional":true,"type":"string","doc":""},{"id":5,"name":"id","optional":true,"type":"string"},{"id":10,"name":"d","optional":true,"type":"double"},{"id":35,"name":"x1","optional":true,"type":"double","doc":"the doc"},{"id":8,"name":"l","optional":true,"type":"decimal(20, 0)"},{"id":11,"name":"dc","optional":true,"type":"decimal_fixed(10, 2)[5]"},{"id":17,"name":"st","optional":true,"type":{"type":"record","fields":[{"id":36,"name":"n","optional":true,"type":"string"},{"id":23,"name":"bee","optional":true,"type":"string"}]}},{"id":18,"name":"ar","optional":true,"type":{"type":"array","element_id":27,"element":{"type":"record","fields":[{"id":28,"name":"p","optional":true,"type":"int"}]},"element_optional":true}},{"id":19,"name":"mp","optional":true,"type":{"type":"map","key_id":30,"key":"string","value_id":31,"value":{"type":"record","fields":[{"id":32,"name":"u","optional":true,"type":"int"}]},"value_optional":true}}]}
        """;

    [Fact]
    public void Text_of_Hudi_is_written_as_it_was_read()
    {
        Assert.Equal(Deep, InternalSchemaJson.Write(InternalSchemaJson.Parse(Deep)));
        var newer = InternalSchemaJson.Parse(Deep) with { VersionId = 20261125143142200 };
        var history = InternalSchemaJson.Inherit(newer, InternalSchemaJson.Inherit(InternalSchemaJson.Parse(Deep), null));
        Assert.Equal([20261125143142200, 20261125143142195], InternalSchemaJson.ParseHistory(history).Select(s => s.VersionId));
        Assert.EndsWith(Deep + "]}", history, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"version_id":1,"type":"record","fields":[{"id":"x","name":"a","optional":true,"type":"int"}]}""")]
    [InlineData("""{"version_id":1,"type":"record","fields":[{"id":1,"name":"a","optional":true,"type":{"type":"union"}}]}""")]
    public void Damage_is_refused(string json) =>
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => InternalSchemaJson.Parse(json)).Kind);

    [Fact]
    public void Columns_are_the_same_when_their_numbers_are()
    {
        InternalRecord Inner(int id, string name) => new([new InternalField(id, name, true, new InternalScalar("int"))]);
        var file = new InternalSchema(0, 9, new InternalRecord(
        [
            new InternalField(0, "a", true, new InternalScalar("int")),
            new InternalField(1, "b", true, Inner(2, "x")),
            new InternalField(3, "c", true, new InternalArray(4, true, Inner(5, "y"))),
            new InternalField(6, "m", true, new InternalMap(7, new InternalScalar("string"), 8, true, Inner(9, "z"))),
        ]));
        var wanted = new InternalSchema(2, 12, new InternalRecord(
        [
            new InternalField(10, "a", true, new InternalScalar("int")), // dropped and added again
            new InternalField(1, "b2", true, Inner(2, "x2")),
            new InternalField(3, "c", true, new InternalArray(4, true, Inner(5, "y2"))),
            new InternalField(6, "m", true, new InternalMap(7, new InternalScalar("string"), 8, true, Inner(11, "z"))),
        ]));
        Assert.Equal(
            new Dictionary<string, string?> { ["a"] = null, ["b2"] = "b", ["b2.x2"] = "x", ["c.element.y2"] = "y", ["m.value.z"] = null },
            ColumnNames.Of(file, wanted).Sources);
    }

    [Fact]
    public void A_file_has_the_version_of_its_commit_else_the_newest_that_is_not_newer()
    {
        InternalSchema Version(long id, string name) => new(id, 1, new InternalRecord([new InternalField(1, name, true, new InternalScalar("int"))]));
        var evolution = new SchemaEvolution(Version(30, "c"), new Dictionary<string, InternalSchema?> { ["20"] = Version(20, "b"), ["25"] = null }, [Version(30, "c"), Version(15, "x"), Version(0, "a")]);
        Assert.Equal("a", evolution.NamesAt("10")!["c"]);
        Assert.Equal("b", evolution.NamesAt("20")!["c"]);
        Assert.Equal("x", evolution.NamesAt("25")!["c"]);
        Assert.Null(evolution.NamesAt("31"));
        Assert.True(evolution.IsCurrentSince("30"));
        Assert.False(evolution.IsCurrentSince("29"));
        var lost = new SchemaEvolution(Version(30, "c"), new Dictionary<string, InternalSchema?>(), null);
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => lost.NamesAt("10")).Kind);
    }
}
