using System.Collections;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Which C# types are lists and maps.</summary>
internal static class Sequences
{
    private static readonly Type[] Lists = [typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>)];
    private static readonly Type[] Maps = [typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>)];

    /// <summary>The elements' type of a list that can be made and read, or null.</summary>
    public static Type? Element(Type type) => type == typeof(byte[]) || type == typeof(string) ? null
        : type.IsSZArray ? type.GetElementType()
        : type.IsGenericType && System.Array.IndexOf(Lists, type.GetGenericTypeDefinition()) >= 0 ? type.GetGenericArguments()[0] : null;

    /// <summary>The values' type of a map with text keys, or null.</summary>
    public static Type? MapValue(Type type) =>
        type.IsGenericType && System.Array.IndexOf(Maps, type.GetGenericTypeDefinition()) >= 0 && type.GetGenericArguments()[0] == typeof(string) ? type.GetGenericArguments()[1] : null;

    public static bool IsSequence(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);
}
