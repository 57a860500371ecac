using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Indexing.Timebased;

namespace OllaLab.Lakehouse.Index.Tests;

public class TimebasedTests
{
    [Fact]
    public void Calendar_agrees_with_DateTime()
    {
        Prop.ForAll(Gen.Choose(-719_162, 2_932_896).ToArbitrary(), day =>
        {
            var date = DateTime.UnixEpoch.AddDays(day);
            return CivilTime.FromEpochDay(day) == (date.Year, date.Month, date.Day)
                && CivilTime.ToEpochDay(date.Year, date.Month, date.Day) == day
                && CivilTime.IsoWeek(day) == (ISOWeek.GetYear(date), ISOWeek.GetWeekOfYear(date));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_printed_is_read_again()
    {
        var pattern = JodaPattern.ForInput("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "p");
        var parser = new JodaParser([pattern], null, () => 2026);
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).SelectMany(a => Gen.Choose(0, 999), (a, b) => (a * 1000L) + b).ToArbitrary(), millis =>
        {
            string text = JodaFormatter.Format(pattern, millis, JavaTimeZone.Resolve("GMT+5:30"));
            return parser.Parse(text, out long read, out _) is null && read == millis;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("yyyyMMddHH", "2024022907", 1709190000000)]
    [InlineData("MMM d, yyyy h:mm a", "Feb 9, 2024 12:05 AM", 1707437100000)]
    [InlineData("yy-D", "24-60", 1709164800000)]
    [InlineData("yy-D", "77-1", -2461449600000 + 2682374400000)]
    [InlineData("HH:mm", "01:00", 3600000)]
    [InlineData("dd/MM", "01/02", 949363200000)]
    public void Patterns_are_read(string pattern, string text, long expected)
    {
        var parser = new JodaParser([JodaPattern.ForInput(pattern, "p")], JavaTimeZone.Utc, () => 2026);
        Assert.Null(parser.Parse(text, out long millis, out _));
        Assert.Equal(expected, millis);
    }

    [Theory]
    [InlineData("yyyy-MM-dd z")]
    [InlineData("xxxx-ww")]
    [InlineData("ZZZ")]
    public void Letters_that_are_not_understood_are_refused_by_name(string pattern)
    {
        var error = Assert.Throws<LakehouseException>(() => JodaPattern.ForInput(pattern, "p"));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(pattern, error.Message);
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(1e-3, "0.001")]
    [InlineData(9.999e-4, "9.999E-4")]
    [InlineData(9999999.5, "9999999.5")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(-123456.789, "-123456.789")]
    [InlineData(double.MaxValue, "1.7976931348623157E308")]
    [InlineData(100.0, "100.0")]
    public void Doubles_print_as_in_Java(double value, string expected) => Assert.Equal(expected, JavaText.Of(value));

    [Theory]
    [InlineData("0", 10, "0E-10")]
    [InlineData("0.0000001", 7, "1E-7")]
    [InlineData("0.0000012", 7, "0.0000012")]
    [InlineData("-0.00000012", 8, "-1.2E-7")]
    [InlineData("12.5", 3, "12.500")]
    [InlineData("7", 0, "7")]
    public void Decimals_print_as_in_Java(string plain, int scale, string expected) => Assert.Equal(expected, JavaText.OfDecimal(plain, scale));

    [Fact]
    public void Old_zone_names_and_offsets_are_Javas()
    {
        const long july = 1720000000000;
        Assert.Equal(-7 * 3_600_000, JavaTimeZone.Resolve("PST").OffsetAt(july));
        Assert.Equal((5 * 3_600_000) + (30 * 60_000), JavaTimeZone.Resolve("IST").OffsetAt(july));
        Assert.Equal(-30 * 60_000, JavaTimeZone.Resolve("GMT-0030").OffsetAt(july));
        Assert.Equal(0, JavaTimeZone.Resolve("GMT+25").OffsetAt(july));
        Assert.Equal(2 * 3_600_000, JavaTimeZone.Resolve("Europe/Berlin").OffsetAt(july));
    }

    [Fact]
    public void Of_two_equal_local_times_the_earlier_is_taken()
    {
        // New York, 2024-11-03 01:30: first in summer time.
        long local = (CivilTime.ToEpochDay(2024, 11, 3) * CivilTime.MillisPerDay) + 5_400_000;
        Assert.Equal(local + (4 * 3_600_000), JavaTimeZone.Resolve("America/New_York").ToUtc(local));
    }
}
