using System.Reflection;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Calls a generic method of this folder with a type known only at run time. Once per type and column, never per row.</summary>
internal static class Calls
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static object Generic(Type owner, string method, Type argument, params object[] arguments) => owner.GetMethods(All)
        .Single(m => m.Name == method && m.IsGenericMethodDefinition)
        .MakeGenericMethod(argument)
        .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
}
