using OllaLab.Lakehouse.Filtering;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Core.Tests.Filtering;

public class PredicateParserTests
{
    [Theory]
    [InlineData("fare > 10", "\"fare\" > 10")]
    [InlineData("10 <= fare", "\"fare\" >= 10")]
    [InlineData("a=1 or b<>'x''y' and not c is null", "(\"a\" = 1 OR (\"b\" <> 'x''y' AND (NOT \"c\" IS NULL)))")]
    [InlineData("(a=1 OR b=2) AND c IS NOT NULL", "((\"a\" = 1 OR \"b\" = 2) AND \"c\" IS NOT NULL)")]
    [InlineData("city not in ('oslo', 'são paulo')", "(NOT \"city\" IN ('oslo', 'são paulo'))")]
    [InlineData("x between -1.50 and +2e3", "(\"x\" >= -1.50 AND \"x\" <= 2000e0)")]
    [InlineData("\"odd \"\"name\" = TRUE and flag", "(\"odd \"\"name\" = TRUE AND \"flag\" = TRUE)")]
    [InlineData("address.city like 'os%' or s like 'abc'", "(starts_with(\"address.city\", 'os') OR \"s\" = 'abc')")]
    [InlineData("day >= DATE '2024-01-02' and at < timestamp '2024-01-02 03:04:05.5'", "(\"day\" >= DATE '2024-01-02' AND \"at\" < TIMESTAMP '2024-01-02 03:04:05.5')")]
    [InlineData("date = '2024-01-02' and time > time '01:02:03'", "(\"date\" = '2024-01-02' AND \"time\" > TIME '01:02:03.000000')")]
    [InlineData("true", "TRUE")]
    public void Conditions_in_SQL_are_understood(string sql, string expected)
    {
        var predicate = Predicate.Parse(sql);
        Assert.Equal(expected, predicate.ToString());
        Assert.Equal(expected, Predicate.Parse(expected).ToString());
    }

    [Theory]
    [InlineData("fare >", "character 7: it ends where a number")]
    [InlineData("fare > 'x", "character 8: the quote is not closed")]
    [InlineData("fare > 1 2", "character 10: expected AND, OR or the end, found 2")]
    [InlineData("fare = null", "character 8: a comparison with NULL is never true; use IS NULL")]
    [InlineData("a ~ 1", "character 3: the character '~' is not understood")]
    [InlineData("(a = 1", "character 7: it ends where ) should follow")]
    [InlineData("s like '%x'", "character 8: of LIKE only a prefix is understood")]
    [InlineData("a = 1x", "character 5: 1x is no number")]
    [InlineData("d = date '2024-13-01'", "character 5: '2024-13-01' is no date")]
    [InlineData("upper(a) = 'x'", "character 6: expected AND, OR or the end, found (")]
    [InlineData("", "character 1: it ends where a column should follow")]
    public void What_is_not_understood_is_refused_at_its_place(string sql, string message)
    {
        var error = Assert.Throws<LakehouseException>(() => Predicate.Parse(sql));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains("is not understood at " + message, error.Message);
    }

    [Fact]
    public void Nesting_has_an_end() => Assert.Throws<LakehouseException>(() => Predicate.Parse(new string('(', 100_000) + "a = 1"));
}
