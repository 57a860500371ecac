using System.Linq.Expressions;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Compiles the code that appends the properties of an object, each to its column. Columns without a property get nulls.</summary>
internal static class RecordAppender
{
    public static Action<T> Create<T>(IReadOnlyList<Field> fields, ColumnBuilder[] builders, string? where)
    {
        var shape = RecordShape.Of(typeof(T));
        if (shape.Properties.Length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{RowErrors.Describe(typeof(T))} has no public properties that could be columns", remedy: "Give rows as a class or record with a property for each column");
        }

        var row = Expression.Parameter(typeof(T), "row");
        var body = new List<Expression>();
        var taken = new string?[fields.Count];
        foreach (var property in shape.Properties)
        {
            var index = shape.Find(property, fields);
            var place = where is null ? shape.Where(property) : $"{where}.{property.Name}";
            if (taken[index] is { } other)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{place}: {other} stands for the column \"{fields[index].Name}\" already", remedy: "Leave one of the two out with [NotMapped]");
            }

            taken[index] = place;
            var appender = Appenders.Create(property.PropertyType, fields[index], builders[index], place);
            var appenderType = typeof(Appender<>).MakeGenericType(property.PropertyType);
            body.Add(Expression.Call(Expression.Constant(appender, appenderType), appenderType.GetMethod(nameof(Appender<int>.Append))!, Expression.Property(row, property)));
        }

        for (int i = 0; i < fields.Count; i++)
        {
            if (taken[i] is null)
            {
                if (!fields[i].IsNullable)
                {
                    throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{where ?? RowErrors.Describe(typeof(T))} has no property for the column \"{fields[i].Name}\", which must have a value", remedy: "Add the property");
                }

                body.Add(Expression.Call(Expression.Constant(builders[i], typeof(ColumnBuilder)), nameof(ColumnBuilder.AppendNull), null));
            }
        }

        return Expression.Lambda<Action<T>>(Expression.Block(body), row).Compile();
    }
}
