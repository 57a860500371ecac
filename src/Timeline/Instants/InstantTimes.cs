using System.Globalization;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Instant times as text: yyyyMMddHHmmssSSS, or in very old tables yyyyMMddHHmmss (HoodieInstantTimeGenerator). They are compared as text.</summary>
internal static class InstantTimes
{
    public const int Length = 17;
    private const int SecondsLength = 14;

    /// <summary>What a 14-digit time is taken to end with: it sorts after every millisecond of its second.</summary>
    private const string DefaultMillis = "999";

    private static readonly string[] Bootstrap = ["00000000000000", "00000000000001", "00000000000002"];

    /// <summary>A moment in the table's zone, 17 digits.</summary>
    public static string Format(DateTimeOffset moment, TimeZoneInfo zone) => Format(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    public static string Format(DateTime local) => string.Create(Length, local, static (span, t) =>
    {
        Digits(span[..4], t.Year);
        Digits(span[4..6], t.Month);
        Digits(span[6..8], t.Day);
        Digits(span[8..10], t.Hour);
        Digits(span[10..12], t.Minute);
        Digits(span[12..14], t.Second);
        Digits(span[14..17], t.Millisecond);
    });

    /// <summary>Whether this may be an instant's time at all: digits that fit a long (HoodieInstantTimeGenerator.isValidInstantTime).</summary>
    public static bool IsValid(string text) => text.Length > 0 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>A 14-digit time gets its milliseconds; suffixes past 17 digits (metadata table of version 6) are cut.</summary>
    public static string Fix(string text) => text.Length == SecondsLength ? text + DefaultMillis : text.Length > Length ? text[..Length] : text;

    /// <summary>The wall clock time in the table's zone, or false where the digits are no date.</summary>
    public static bool TryParse(string text, out DateTime local)
    {
        local = default;
        var fixedText = Fix(text);
        return fixedText.Length == Length
            && !fixedText.AsSpan().ContainsAnyExceptInRange('0', '9')
            && DateTime.TryParseExact(fixedText, "yyyyMMddHHmmssfff", CultureInfo.InvariantCulture, DateTimeStyles.None, out local);
    }

    /// <summary>As <see cref="TryParse"/>; the three bootstrap instants are 0, 1 and 2 ms after the epoch; null for what is no date (parseDateFromInstantTimeSafely).</summary>
    public static DateTime? ParseSafely(string text) =>
        TryParse(text, out var local) ? local
        : Array.IndexOf(Bootstrap, text) is >= 0 and var index ? DateTime.UnixEpoch.AddMilliseconds(index)
        : null;

    /// <summary>Moves a time; digits that are no date (the pseudo instants) are moved as a number (instantTimePlusMillis).</summary>
    public static string PlusMillis(string text, long millis)
    {
        if (TryParse(text, out var local))
        {
            return Format(local.AddMilliseconds(millis));
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"'{text}' is not an instant time", remedy: "Give 17 digits: yyyyMMddHHmmssSSS");
        }

        number += millis;
        return number < 0 ? "-" + (-number).ToString("D16", CultureInfo.InvariantCulture) : number.ToString("D17", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// What a user may give for a point on the timeline, as instant digits (HoodieSqlCommonUtils.formatQueryInstant): 17 or 14 digits as they are; a date, which is its midnight;
    /// "yyyy-MM-dd HH:mm:ss" with or without milliseconds, also with a 'T', all in the table's zone; with an offset or 'Z' it is converted to that zone.
    /// </summary>
    public static string FromText(string text, TimeZoneInfo zone)
    {
        text = text.Trim();
        if (text.Length is SecondsLength or Length && IsValid(text))
        {
            return text;
        }

        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return Format(date);
        }

        if (DateTime.TryParseExact(text, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var seconds))
        {
            return Format(seconds)[..SecondsLength] + DefaultMillis;
        }

        string[] wallClock = ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm"];
        if (DateTime.TryParseExact(text, wallClock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return Format(local);
        }

        string[] withOffset = ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK"];
        if (DateTimeOffset.TryParseExact(text, withOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return Format(moment, zone);
        }

        throw new LakehouseException(
            LakehouseErrorKind.InvalidInput,
            $"'{text}' is neither an instant nor a date",
            remedy: "Give 17 (or 14) digits yyyyMMddHHmmssSSS, a date 2026-11-01, or a time 2026-11-01 12:00:00.000, with 'Z' or an offset if it is not in the table's time zone");
    }

    private static void Digits(Span<char> span, int value)
    {
        for (int i = span.Length - 1; i >= 0; i--)
        {
            span[i] = (char)('0' + (value % 10));
            value /= 10;
        }
    }
}
