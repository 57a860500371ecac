using System.Globalization;

namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>Which types a column may change to (SchemaChangeUtils.isTypeUpdateAllow), by their names in an internal schema.</summary>
internal static class TypeChanges
{
    public static bool IsAllowed(string from, string to) => from == to || (Kind(from), Kind(to)) switch
    {
        ("int", "long" or "float" or "double" or "string" or "decimal") => true,
        ("long", "float" or "double" or "string" or "decimal") => true,
        ("float", "double" or "string" or "decimal") => true,
        ("double", "string" or "decimal") => true,
        ("date" or "binary", "string") => true,
        ("string", "date" or "decimal") => true,
        ("decimal", "string") => true,
        ("decimal", "decimal") => IsWider(Digits(from), Digits(to)),
        _ => false,
    };

    private static string Kind(string type) => type.StartsWith("decimal", StringComparison.Ordinal) ? "decimal" : type;

    private static bool IsWider((int Precision, int Scale) from, (int Precision, int Scale) to) => to.Scale >= from.Scale && to.Precision - to.Scale >= from.Precision - from.Scale;

    private static (int Precision, int Scale) Digits(string type)
    {
        var numbers = type.Split(['(', ')', ',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return (int.Parse(numbers[1], CultureInfo.InvariantCulture), int.Parse(numbers[2], CultureInfo.InvariantCulture));
    }
}
