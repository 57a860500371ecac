using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse;

/// <summary>A value that a column is compared with. Made implicitly from C# values: <c>Column("fare") &gt; 10</c>.</summary>
public readonly struct Literal
{
    private readonly object? _value;

    private Literal(object? value) => _value = value ?? throw new LakehouseException(
        LakehouseErrorKind.InvalidInput, "A column cannot be compared with null: in SQL that is never true", remedy: "Use IsNull() or IsNotNull()");

    /// <summary>One of the types that convert to this.</summary>
    internal object Value => _value ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A literal of a predicate was never given a value");

    /// <summary>A boolean.</summary>
    public static implicit operator Literal(bool value) => new(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Literal(int value) => new((long)value);

    /// <summary>A whole number.</summary>
    public static implicit operator Literal(long value) => new(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Literal(ulong value) => new((decimal)value);

    /// <summary>A number.</summary>
    public static implicit operator Literal(float value) => new((double)value);

    /// <summary>A number.</summary>
    public static implicit operator Literal(double value) => new(value);

    /// <summary>A number. Compared with a float or double column it is rounded to that type first, as SQL does.</summary>
    public static implicit operator Literal(decimal value) => new(value);

    /// <summary>A text; for dates, times and timestamps their ISO-8601 form.</summary>
    public static implicit operator Literal(string value) => new(value);

    /// <summary>An instant. Of kind local it is converted, of kind unspecified it is taken as UTC.</summary>
    public static implicit operator Literal(DateTime value) => new(value);

    /// <summary>An instant.</summary>
    public static implicit operator Literal(DateTimeOffset value) => new(value);

    /// <summary>A date; for timestamps its midnight in UTC.</summary>
    public static implicit operator Literal(DateOnly value) => new(value);

    /// <summary>A time of day.</summary>
    public static implicit operator Literal(TimeOnly value) => new(value.ToTimeSpan());

    /// <summary>A time of day, counted from midnight.</summary>
    public static implicit operator Literal(TimeSpan value) => new(value);

    /// <summary>A UUID: text in its lower-case hyphenated form, or 16 bytes in the order in which it is written.</summary>
    public static implicit operator Literal(Guid value) => new(value);

    /// <summary>Binary.</summary>
    public static implicit operator Literal(byte[] value) => new(value);

    /// <summary>The value in SQL.</summary>
    public override string ToString() => SqlText.Value(_value);
}
