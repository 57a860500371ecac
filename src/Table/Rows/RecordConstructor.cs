using System.Reflection;

namespace OllaLab.Lakehouse.Rows;

/// <summary>How objects of a type are made from columns.</summary>
/// <param name="Constructor">Null: a struct's own, without parameters.</param>
/// <param name="Parameters">The property that each parameter stands for.</param>
/// <param name="Settable">The properties set afterwards.</param>
internal sealed record RecordConstructor(ConstructorInfo? Constructor, PropertyInfo[] Parameters, PropertyInfo[] Settable)
{
    public static RecordConstructor Choose(Type type, RecordShape shape)
    {
        if (type.IsAbstract)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{RowErrors.Describe(type)} is abstract: rows cannot be read into it", remedy: "Give a class, record or struct that can be made");
        }

        PropertyInfo? Property(ParameterInfo parameter) => shape.Properties.FirstOrDefault(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && p.PropertyType == parameter.ParameterType);

        var settable = shape.Properties.Where(p => p.SetMethod is { IsPublic: true }).ToArray();
        var constructors = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).ToArray();
        var full = constructors.FirstOrDefault(c => c.GetParameters() is { Length: > 0 } ps && ps.All(p => Property(p) is not null));
        var empty = constructors.FirstOrDefault(c => c.GetParameters().Length == 0);

        // Properties without a setter can be filled by the constructor only.
        if (full is not null && (empty is null || shape.Properties.Length > settable.Length) && !(type.IsValueType && empty is null && settable.Length == shape.Properties.Length))
        {
            var parameters = full.GetParameters().Select(p => Property(p)!).ToArray();
            return new(full, parameters, [.. settable.Except(parameters)]);
        }

        if (empty is not null || type.IsValueType)
        {
            return new(empty, [], settable);
        }

        throw new LakehouseException(
            LakehouseErrorKind.InvalidInput, $"{RowErrors.Describe(type)} cannot be made from a row", remedy: "Give it a public constructor without parameters, or one whose parameters have the names and types of its properties");
    }
}
