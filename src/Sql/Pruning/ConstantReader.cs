using System.Globalization;
using System.Text.Json;
using Apache.Arrow.Types;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>The values of constant expressions: plain ones are read from the plan, casts and arithmetic are worked out by DuckDB, on the same connection, with its settings.</summary>
internal sealed class ConstantReader(DuckSession session)
{
    // Functions whose result depends on their arguments only. Times of day such as now() are not among them: they may be later when the statement runs.
    private static readonly HashSet<string> Functions =
        ["+", "-", "*", "/", "//", "%", "||", "concat", "lower", "upper", "trunc", "to_days", "to_months", "to_years", "to_weeks", "to_hours", "to_minutes", "to_seconds", "date_trunc", "make_date", "make_timestamp", "strptime"];

    private readonly Dictionary<string, Literal?> known = [];

    /// <param name="expression">An expression.</param>
    /// <param name="type">The type of the column that it is compared with.</param>
    /// <returns>Null where it is no constant, a null, or of a type that predicates do not compare.</returns>
    public Literal? Read(JsonElement expression, IArrowType type)
    {
        if (Sql(expression) is not { } sql)
        {
            return null;
        }

        var query = type is TimestampType { Timezone: not null } ? $"SELECT epoch_us({sql})" : $"SELECT {sql}";
        if (!known.TryGetValue(query, out var literal))
        {
            known[query] = literal = Evaluate(query, type);
        }

        return literal;
    }

    private Literal? Evaluate(string query, IArrowType type)
    {
        try
        {
            return (session.Scalar(query), type) switch
            {
                (long micros, TimestampType { Timezone: not null }) => DateTimeOffset.UnixEpoch.AddTicks(checked(micros * 10)),
                (DateTime local, TimestampType { Timezone: null }) => DateTime.SpecifyKind(local, DateTimeKind.Unspecified),
                (DateTime midnight, Date32Type) => DateTime.SpecifyKind(midnight, DateTimeKind.Unspecified),
                (DateOnly date, Date32Type) => date,
                (string text, StringType) => text,
                (bool flag, BooleanType) => flag,
                (int whole, Int32Type) => whole,
                (long whole, Int32Type or Int64Type) => whole,
                (float real, FloatType) when !float.IsNaN(real) => real,
                (double real, Int32Type or FloatType or DoubleType) when !double.IsNaN(real) => real,
                (decimal number, Int32Type or Int64Type or Decimal128Type) => number,
                _ => null,
            };
        }
        catch (Exception e) when (e is DuckDBException or OverflowException or ArgumentException or InvalidCastException or FormatException)
        {
            // Infinite dates, more digits than a decimal holds, a cast that fails: the statement itself will say.
            return null;
        }
    }

    private static string? Sql(JsonElement e) => e.Text("expression_class") switch
    {
        "BOUND_CONSTANT" => Constant(e.Member("value")),
        "BOUND_CAST" when e.Is("try_cast", false) && Sql(e.Member("child")) is { } child && Type(e.Member("return_type")) is { } type => $"CAST({child} AS {type})",
        "BOUND_FUNCTION" when Functions.Contains(e.Text("name")) && e.Text("catalog_name") == "system" && e.Items("children").Select(Sql).ToList() is var arguments && !arguments.Contains(null) =>
            $"{SqlText.Identifier(e.Text("name"))}({string.Join(", ", arguments)})",
        _ => null,
    };

    private static string? Constant(JsonElement constant)
    {
        var value = constant.Member("value");
        var type = constant.Member("type");
        return (type.Text("id"), value.ValueKind) switch
        {
            ("VARCHAR", JsonValueKind.String) when type.Member("type_info").ValueKind == JsonValueKind.Null => $"CAST({SqlText.Text(value.GetString()!)} AS VARCHAR)",
            ("BOOLEAN", JsonValueKind.True or JsonValueKind.False) => value.GetRawText(),
            ("TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "DOUBLE", JsonValueKind.Number) => $"CAST('{value.GetRawText()}' AS {type.Text("id")})",
            ("DECIMAL", JsonValueKind.Number) when value.TryGetInt64(out var unscaled) && Type(type) is { } name && type.Member("type_info").Number("scale") is { } scale =>
                $"CAST('{Decimal(unscaled, scale)}' AS {name})",
            _ => null,
        };
    }

    private static string Decimal(long unscaled, int scale)
    {
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled < 0 ? "-" : string.Empty)}{digits[..^scale]}.{digits[^scale..]}";
    }

    private static string? Type(JsonElement type) => type.Text("id") switch
    {
        "DECIMAL" when type.Member("type_info").Number("width") is { } width && type.Member("type_info").Number("scale") is { } scale => $"DECIMAL({width},{scale})",
        "BOOLEAN" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "FLOAT" or "DOUBLE" or "VARCHAR" or "DATE" or "TIMESTAMP" or ArrowToDuck.Instant or "INTERVAL" => type.Text("id"),
        _ => null,
    };
}
