using System.Globalization;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Names and values as SQL that DuckDB and Spark both understand.</summary>
internal static class SqlText
{
    public static string Identifier(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";

    public static string Text(string value) => "'" + value.Replace("'", "''") + "'";

    public static string Value(object? value) => value switch
    {
        null => "NULL",
        bool b => b ? "TRUE" : "FALSE",
        double d when !double.IsFinite(d) => $"CAST('{d.ToString(CultureInfo.InvariantCulture)}' AS DOUBLE)",
        double d => d.ToString("R", CultureInfo.InvariantCulture) is var t && t.AsSpan().IndexOfAny('E', '.') >= 0 ? t : t + "e0",
        DateTime t => $"TIMESTAMP '{LiteralTime.ToUtc(t).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)}'",
        DateTimeOffset t => $"TIMESTAMPTZ '{t.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)}+00'",
        DateOnly d => $"DATE '{d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'",
        TimeSpan t => $"TIME '{t.ToString(@"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture)}'",
        Guid g => Text(g.ToString("D")),
        byte[] b => $"from_hex('{Convert.ToHexString(b)}')",
        string s => Text(s),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
