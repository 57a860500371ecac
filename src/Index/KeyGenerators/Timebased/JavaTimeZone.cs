using System.Globalization;
using System.Text.RegularExpressions;

namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>A time zone by the names that Hudi's java.util.TimeZone and Joda understand; a name that Java does not know is GMT there, and so it is here: the paths of a table depend on it.</summary>
internal sealed partial class JavaTimeZone
{
    public static readonly JavaTimeZone Utc = new(TimeZoneInfo.Utc, 0);

    // Java's old three-letter names (Joda: DateTimeZone.getConvertedId).
    private static readonly Dictionary<string, string> OldNames = new(StringComparer.Ordinal)
    {
        ["ECT"] = "CET", ["MET"] = "CET", ["MIT"] = "Pacific/Apia", ["HST"] = "Pacific/Honolulu", ["AST"] = "America/Anchorage", ["PST"] = "America/Los_Angeles",
        ["MST"] = "America/Denver", ["PNT"] = "America/Phoenix", ["CST"] = "America/Chicago", ["EST"] = "America/New_York", ["IET"] = "America/Indiana/Indianapolis",
        ["PRT"] = "America/Puerto_Rico", ["CNT"] = "America/St_Johns", ["AGT"] = "America/Argentina/Buenos_Aires", ["BET"] = "America/Sao_Paulo", ["ART"] = "Africa/Cairo",
        ["CAT"] = "Africa/Harare", ["EAT"] = "Africa/Addis_Ababa", ["NET"] = "Asia/Yerevan", ["PLT"] = "Asia/Karachi", ["IST"] = "Asia/Kolkata", ["BST"] = "Asia/Dhaka",
        ["VST"] = "Asia/Ho_Chi_Minh", ["CTT"] = "Asia/Shanghai", ["JST"] = "Asia/Tokyo", ["ACT"] = "Australia/Darwin", ["AET"] = "Australia/Sydney",
        ["SST"] = "Pacific/Guadalcanal", ["NST"] = "Pacific/Auckland",
    };

    private readonly TimeZoneInfo? zone;
    private readonly long fixedOffset;

    private JavaTimeZone(TimeZoneInfo? zone, long fixedOffset)
    {
        this.zone = zone == TimeZoneInfo.Utc ? null : zone;
        this.fixedOffset = fixedOffset;
    }

    /// <summary>The offset never changes and is of whole hours, so that local hours begin where UTC's do.</summary>
    public bool IsWholeHours => zone is null && fixedOffset % 3_600_000 == 0;

    public static JavaTimeZone FromOffset(long milliseconds) => new(null, milliseconds);

    public static JavaTimeZone Resolve(string name)
    {
        if (Offset().Match(name) is { Success: true } match)
        {
            int hours = int.Parse(match.Groups["h"].ValueSpan, CultureInfo.InvariantCulture);
            int minutes = match.Groups["m"].Success ? int.Parse(match.Groups["m"].ValueSpan, CultureInfo.InvariantCulture) : 0;
            long offset = ((hours * 60L) + minutes) * 60_000;
            return hours > 23 || minutes > 59 ? Utc : FromOffset(name[3] == '-' ? -offset : offset);
        }

        if (OldNames.TryGetValue(name, out string? newName))
        {
            name = newName;
        }

        if (name is "UTC" or "GMT" or "Z" or "Zulu" or "Universal" or "UCT" || !Name().IsMatch(name))
        {
            return Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found))
        {
            return new JavaTimeZone(found, 0);
        }

        // An unknown name is GMT; but where even London is unknown, it is this machine that knows no zones.
        return TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out _) ? Utc
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The time zone '{name}' cannot be looked up: this machine has no time zone database", remedy: "Install tzdata");
    }

    public long OffsetAt(long utcMillis) => zone is null ? fixedOffset : (long)zone.GetUtcOffset(Clamp(utcMillis, DateTimeKind.Utc)).TotalMilliseconds;

    /// <summary>UTC of a local time; null where clocks are set forward over it. Of two equal local times the earlier is taken, as in Joda.</summary>
    public long? ToUtc(long localMillis)
    {
        if (zone is null)
        {
            return localMillis - fixedOffset;
        }

        var local = Clamp(localMillis, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            return null;
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return localMillis - (long)offset.TotalMilliseconds;
    }

    private static DateTime Clamp(long millis, DateTimeKind kind)
    {
        long ticks = Math.Clamp(millis, -62_135_510_400_000, 253_402_214_400_000) * TimeSpan.TicksPerMillisecond;
        return new DateTime(DateTime.UnixEpoch.Ticks + ticks, kind);
    }

    [GeneratedRegex(@"^GMT[+-](?:(?<h>\d{1,2})(?::(?<m>\d{2}))?|(?<h>\d{1,2})(?<m>\d{2}))$", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+_/-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
