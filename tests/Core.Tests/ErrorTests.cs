namespace OllaLab.Lakehouse.Core.Tests;

public class ErrorTests
{
    [Fact]
    public void Message_is_one_line_with_the_place_and_the_remedy()
    {
        var error = new LakehouseException(LakehouseErrorKind.Corrupt, "The footer is\ncut off.", table: "/data/t", path: "a.parquet", remedy: "Restore the file");
        Assert.Equal("The footer is cut off (table /data/t, file a.parquet). Restore the file.", error.Message);
    }

    [Fact]
    public void A_table_is_added_once()
    {
        var error = new LakehouseException(LakehouseErrorKind.NotFound, "No such instant").WithTable("/data/t");
        Assert.Equal("No such instant (table /data/t).", error.Message);
        Assert.Same(error, error.WithTable("/other"));
    }
}
