using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Tests.Schemas;

public class DdlTests
{
    [Fact]
    public void Every_type_in_any_case_with_constraints_and_comments()
    {
        var schema = TableSchema.FromDdl(
            """
            id STRING NOT NULL comment 'the key; it\'s unique', `ts` bigint, at timestamp, local timestamp_ntz, amount decimal(12,2), n numeric, d9 dec(9),
            tags array<string>, strict array<int not null>, m map<string,int>, s struct<a:int,`b`:string not null, c struct<x: date>>, day date, x binary, ok boolean,
            f float, d double, i int, l long, small smallint, t tinyint, v varchar(10) null
            """,
            "t");
        Assert.Equal(
            """
            id string not null comment 'the key; it\'s unique',
            ts bigint,
            at timestamp,
            local timestamp_ntz,
            amount decimal(12,2),
            n decimal(10,0),
            d9 decimal(9,0),
            tags array<string>,
            strict array<int not null>,
            m map<string,int>,
            s struct<a:int,b:string not null,c:struct<x:date>>,
            day date,
            x binary,
            ok boolean,
            f float,
            d double,
            i int,
            l bigint,
            small int,
            t int,
            v string
            """,
            schema.ToDdl());
        Assert.Equal("the key; it's unique", schema.Root.Fields[0].Doc);
        Assert.Equal("hoodie.t.t_record", schema.Root.FullName);
        TableSchemaTests.AssertSameJson(schema.ToAvroJson(false), TableSchema.FromDdl(schema.ToDdl(), "t").ToAvroJson(false));
    }

    [Theory]
    [InlineData("", "a column name is expected")]
    [InlineData("id", "a type is expected")]
    [InlineData("id string,", "a column name is expected")]
    [InlineData("id string x", "'not null', 'comment', a comma or the end is expected")]
    [InlineData("id string not x", "'not null' is expected")]
    [InlineData("id strnig", "'strnig' is not a type")]
    [InlineData("id string, ID int", "the column ID is there twice")]
    [InlineData("a struct<x:int,x:int>", "the column x is there twice")]
    [InlineData("a array<int", "'>' is expected")]
    [InlineData("a map<int,int>", "a map's key must be a string")]
    [InlineData("a decimal(39,2)", "decimal(39,2) is not possible")]
    [InlineData("a decimal(5,6)", "decimal(5,6) is not possible")]
    [InlineData("a decimal(x)", "a number is expected")]
    [InlineData("`a int", "the closing ` is missing")]
    [InlineData("a int comment x", "a text in quotes is expected")]
    [InlineData("a int)", "a comma is expected")]
    [InlineData("a uuid", "use string")]
    [InlineData("`a-b` int", "'a-b' is not one that Avro allows")]
    public void Mistakes_are_named_with_their_place(string ddl, string message)
    {
        var error = Assert.Throws<LakehouseException>(() => TableSchema.FromDdl(ddl, "t"));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains(message, error.Message);
    }
}
