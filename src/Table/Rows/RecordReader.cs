using System.Linq.Expressions;
using System.Reflection;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Compiles the code that makes an object of a row: by the constructor without parameters, or the one whose parameters are the properties (records), then by setting what is left.</summary>
internal sealed class RecordReader<T>
{
    private readonly int[] _columns;
    private readonly Accessor[] _accessors;
    private readonly Func<Accessor[], int, T> _make;

    private RecordReader(int[] columns, Accessor[] accessors, Func<Accessor[], int, T> make)
    {
        _columns = columns;
        _accessors = accessors;
        _make = make;
    }

    public static RecordReader<T> Create(IReadOnlyList<Field> fields, string? where = null)
    {
        var shape = RecordShape.Of(typeof(T));
        var constructor = RecordConstructor.Choose(typeof(T), shape);
        var (accessorsParameter, row) = (Expression.Parameter(typeof(Accessor[]), "accessors"), Expression.Parameter(typeof(int), "row"));
        var (columns, accessors) = (new List<int>(), new List<Accessor>());

        Expression Value(PropertyInfo property)
        {
            var index = shape.Find(property, fields);
            var accessor = Accessors.Create(property.PropertyType, fields[index].DataType, where is null ? shape.Where(property) : $"{where}.{property.Name}");
            columns.Add(index);
            accessors.Add(accessor);
            var type = typeof(Accessor<>).MakeGenericType(property.PropertyType);
            return Expression.Call(Expression.Convert(Expression.ArrayIndex(accessorsParameter, Expression.Constant(accessors.Count - 1)), type), type.GetMethod(nameof(Accessor<int>.Get))!, row);
        }

        Expression made = constructor.Constructor is null ? Expression.New(typeof(T)) : Expression.New(constructor.Constructor, constructor.Parameters.Select(Value));
        made = Expression.MemberInit((NewExpression)made, constructor.Settable.Select(p => Expression.Bind(p, Value(p))));
        return new RecordReader<T>([.. columns], [.. accessors], Expression.Lambda<Func<Accessor[], int, T>>(made, accessorsParameter, row).Compile());
    }

    public void Bind(IReadOnlyList<IArrowArray> columns)
    {
        for (int i = 0; i < _accessors.Length; i++)
        {
            _accessors[i].Bind(columns[_columns[i]]);
        }
    }

    public void Bind(RecordBatch batch)
    {
        for (int i = 0; i < _accessors.Length; i++)
        {
            _accessors[i].Bind(batch.Column(_columns[i]));
        }
    }

    public T Read(int row) => _make(_accessors, row);
}
