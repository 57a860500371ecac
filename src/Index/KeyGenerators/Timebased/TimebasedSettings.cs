namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>The properties hoodie.keygen.timebased.*, read and checked (HoodieDateTimeParser).</summary>
internal sealed class TimebasedSettings
{
    public const string Prefix = "hoodie.keygen.timebased.";

    /// <summary>What older tables wrote instead of <see cref="Prefix"/>.</summary>
    public const string OldPrefix = "hoodie.deltastreamer.keygen.timebased.";

    private static readonly Dictionary<string, (long Multiplier, long Divisor)> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NANOSECONDS"] = (1, 1_000_000),
        ["MICROSECONDS"] = (1, 1000),
        ["MILLISECONDS"] = (1, 1),
        ["SECONDS"] = (1000, 1),
        ["MINUTES"] = (60_000, 1),
        ["HOURS"] = (3_600_000, 1),
        ["DAYS"] = (CivilTime.MillisPerDay, 1),
    };

    private readonly IReadOnlyDictionary<string, string> properties;
    private readonly (long Multiplier, long Divisor)? unit;

    public TimebasedSettings(KeyGeneratorSettings settings)
    {
        properties = settings.Timebased;
        Type = Required("timestamp.type");
        string pattern = Required("output.dateformat");
        Output = JodaPattern.ForOutput(pattern, Prefix + "output.dateformat");
        unit = Type switch
        {
            "EPOCHMILLISECONDS" => Units["MILLISECONDS"],
            "EPOCHMICROSECONDS" => Units["MICROSECONDS"],
            "UNIX_TIMESTAMP" => Units["SECONDS"],
            "SCALAR" => Unit(Optional("timestamp.scalar.time.unit") ?? "SECONDS"),
            "DATE_STRING" or "MIXED" => null,
            _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The timestamp type '{Type}' of the key generator is not known",
                remedy: $"Use UNIX_TIMESTAMP, EPOCHMILLISECONDS, EPOCHMICROSECONDS, DATE_STRING, MIXED or SCALAR in {Prefix}timestamp.type"),
        };

        // A zone for both wins over one for each.
        string? both = Optional("timezone");
        var inputZone = Zone(both ?? Optional("input.timezone"));
        OutputZone = Zone(both ?? Optional("output.timezone"));
        SpanMillis = Span(Output, OutputZone);
        if (unit is null)
        {
            string formats = Required("input.dateformat");
            string delimiter = Optional("input.dateformat.list.delimiter.regex")?.Trim() is { Length: > 0 } given ? given : ",";
            var patterns = System.Text.RegularExpressions.Regex.Split(formats, delimiter).Select(f => JodaPattern.ForInput(f.Trim(), Prefix + "input.dateformat")).ToArray();
            var clock = settings.Environment.Clock;
            Parser = new JodaParser(patterns, inputZone, () => clock.GetUtcNow().Year);
            NullText = JodaFormatter.Format(patterns[0], 1, inputZone ?? OutputZone ?? JavaTimeZone.Utc);
        }
    }

    /// <summary>UNIX_TIMESTAMP, EPOCHMILLISECONDS, EPOCHMICROSECONDS, DATE_STRING, MIXED or SCALAR.</summary>
    public string Type { get; }

    public PatternToken[] Output { get; }

    /// <summary>Null: the zone that a text states, else UTC (Hudi: that of its JVM, which a table does not record).</summary>
    public JavaTimeZone? OutputZone { get; }

    /// <summary>Present for the types that take text.</summary>
    public JodaParser? Parser { get; }

    /// <summary>What a null stands for where text is taken: one millisecond into 1970 in the first input format.</summary>
    public string NullText { get; } = string.Empty;

    /// <summary>A span, beginning at its multiples, within which the output pattern prints one text.</summary>
    public long SpanMillis { get; }

    /// <summary>A number in the table's unit as milliseconds; beyond the ends of a long it is the end, and fractions are cut towards zero (java.util.concurrent.TimeUnit).</summary>
    public long ToMillis(long value)
    {
        if (unit is not { } u)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The table's timestamp type {Type} takes text, but the partition column is a number",
                remedy: $"Use a string column, or a {Prefix}timestamp.type for numbers");
        }

        return u.Divisor > 1 ? value / u.Divisor
            : value > long.MaxValue / u.Multiplier ? long.MaxValue
            : value < long.MinValue / u.Multiplier ? long.MinValue
            : value * u.Multiplier;
    }

    private static (long Multiplier, long Divisor) Unit(string name) => Units.TryGetValue(name, out var found) ? found
        : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The time unit '{name}' in {Prefix}timestamp.scalar.time.unit is not known", remedy: $"Use one of {string.Join(", ", Units.Keys)}");

    private static JavaTimeZone? Zone(string? name) => string.IsNullOrWhiteSpace(name) ? null : JavaTimeZone.Resolve(name);

    private static long Span(PatternToken[] output, JavaTimeZone? zone)
    {
        char[] finer = [.. output.Select(t => t.Letter).Where(c => c is 'S' or 's' or 'm')];
        return finer.Contains('S') ? 1
            : finer.Contains('s') || zone is { IsWholeHours: false } ? 1000
            : finer.Contains('m') ? 60_000
            : 3_600_000;
    }

    private string? Optional(string name) => properties.GetValueOrDefault(Prefix + name) ?? properties.GetValueOrDefault(OldPrefix + name);

    private string Required(string name) => Optional(name) ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The timestamp key generator needs the property {Prefix}{name}",
        remedy: "Set it when the table is created, or give it as an option of the write: not every Hudi release stores it");
}
