using System.Globalization;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Rows;

/// <summary>The wording of what can be wrong between C# values and columns.</summary>
internal static class RowErrors
{
    public static LakehouseException Mismatch(Type type, IArrowType column, string where) => new(
        LakehouseErrorKind.InvalidInput, $"{where}: {Describe(type)} does not fit a column of type {TypeNames.Describe(column)}", remedy: "Change the property's type, or leave it out with [NotMapped]");

    public static LakehouseException Null(string where) => new(
        LakehouseErrorKind.InvalidInput, $"{where}: null, but the column must have a value", remedy: "Give a value, or declare the column with nulls");

    public static LakehouseException NullRead(Type type, string where) => new(
        LakehouseErrorKind.InvalidInput, $"{where}: the column holds a null, which {Describe(type)} cannot", remedy: $"Declare it as {Describe(type)}?");

    public static LakehouseException OutOfRange(object? value, string target, string where) => new(
        LakehouseErrorKind.InvalidInput, $"{where}: {Convert.ToString(value, CultureInfo.InvariantCulture)} does not fit {target}", remedy: "Change the value, or the column's type");

    public static string Describe(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Describe(inner) + "?" : type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`')] + "<" + string.Join(", ", type.GetGenericArguments().Select(Describe)) + ">"
        : type.IsArray ? Describe(type.GetElementType()!) + "[]" : type.Name;
}
