using System.ComponentModel.DataAnnotations.Schema;
using System.Numerics;
using System.Reflection;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Rows;

/// <summary>
/// The properties of a class, record or struct that stand for columns: public, readable, not marked <see cref="NotMappedAttribute"/>. A property's column has its name in any case,
/// or exactly the name that <see cref="ColumnAttribute"/> gives.
/// </summary>
internal sealed class RecordShape
{
    private RecordShape(Type type)
    {
        Type = type;
        Properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetMethod!.IsPublic && p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<NotMappedAttribute>() is null && p.Name != "EqualityContract")
            .OrderBy(p => p.MetadataToken)];
    }

    public Type Type { get; }

    public PropertyInfo[] Properties { get; }

    public static RecordShape Of(Type type) => new(type);

    /// <summary>Whether a type is a thing with properties and no value of its own.</summary>
    public static bool IsRecord(Type type) => !type.IsPrimitive && !type.IsEnum && !type.IsArray && !type.IsInterface && !type.IsPointer && type != typeof(object) && type != typeof(string)
        && !Sequences.IsSequence(type) && type != typeof(decimal) && type != typeof(DateTime) && type != typeof(DateTimeOffset) && type != typeof(DateOnly) && type != typeof(TimeOnly)
        && type != typeof(TimeSpan) && type != typeof(Guid) && type != typeof(BigInteger) && type != typeof(ReadOnlyMemory<byte>) && Nullable.GetUnderlyingType(type) is null;

    public static string ColumnName(PropertyInfo property) => property.GetCustomAttribute<ColumnAttribute>()?.Name ?? property.Name;

    /// <summary>The type and property, for messages.</summary>
    public string Where(PropertyInfo property) => $"{RowErrors.Describe(Type)}.{property.Name}";

    /// <summary>The column of a property.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: none, or several that differ in case only.</exception>
    public int Find(PropertyInfo property, IReadOnlyList<Field> fields)
    {
        var name = ColumnName(property);
        var found = -1;
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name == name)
            {
                return i;
            }

            if (string.Equals(fields[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                found = found == -1 ? i : -2;
            }
        }

        return found switch
        {
            -1 => throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{Where(property)}: there is no column \"{name}\"", remedy: $"Name the column with [Column(\"...\")] or leave the property out with [NotMapped]; the columns are {string.Join(", ", fields.Select(f => f.Name))}"),
            -2 => throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{Where(property)}: several columns are called \"{name}\" when case is not regarded", remedy: "Name the column with [Column(\"...\")]"),
            _ => found,
        };
    }
}
