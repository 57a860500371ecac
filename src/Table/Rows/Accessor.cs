using Apache.Arrow;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Gives the values of one column as C# values of one type. Bound to each batch's array, then asked row by row.</summary>
internal abstract class Accessor(string where)
{
    private IArrowArray? _array;

    /// <summary>The type and property (or the column), for messages.</summary>
    protected string Where { get; } = where;

    public bool IsNull(int row) => _array!.IsNull(row);

    public void Bind(IArrowArray array)
    {
        _array = array;
        BindValues(array);
    }

    /// <summary>The value in a box; null where the column is null.</summary>
    public abstract object? Box(int row);

    protected abstract void BindValues(IArrowArray array);
}

/// <inheritdoc/>
internal abstract class Accessor<T>(string where) : Accessor(where)
{
    public abstract T Get(int row);

    public override object? Box(int row) => IsNull(row) ? null : Get(row);
}

/// <summary>A value that C# cannot leave out: a null is an error.</summary>
internal abstract class ValueAccessor<T>(string where) : Accessor<T>(where)
{
    public sealed override T Get(int row) => IsNull(row) ? throw RowErrors.NullRead(typeof(T), Where) : GetValue(row);

    protected abstract T GetValue(int row);
}

/// <summary>A value type from an array of one class by a function.</summary>
internal sealed class FunctionAccessor<TArray, T>(string where, Func<TArray, int, T> get) : ValueAccessor<T>(where)
    where TArray : class, IArrowArray
{
    private TArray _values = null!;

    protected override void BindValues(IArrowArray array) => _values = (TArray)array;

    protected override T GetValue(int row)
    {
        try
        {
            return get(_values, row);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw RowErrors.OutOfRange("a value", RowErrors.Describe(typeof(T)), Where);
        }
    }
}

/// <summary>A reference type from an array of one class by a function; null stays null.</summary>
internal sealed class ReferenceAccessor<TArray, T>(string where, Func<TArray, int, T> get) : Accessor<T?>(where)
    where TArray : class, IArrowArray
    where T : class
{
    private TArray _values = null!;

    public override T? Get(int row) => IsNull(row) ? null : get(_values, row);

    protected override void BindValues(IArrowArray array) => _values = (TArray)array;
}

internal sealed class NullableAccessor<T>(string where, Accessor<T> inner) : Accessor<T?>(where)
    where T : struct
{
    public override T? Get(int row) => inner.IsNull(row) ? null : inner.Get(row);

    protected override void BindValues(IArrowArray array) => inner.Bind(array);
}

/// <summary>Any value in a box, in the type that a column has by nature.</summary>
internal sealed class BoxAccessor(string where, Accessor inner) : Accessor<object?>(where)
{
    public override object? Get(int row) => inner.Box(row);

    protected override void BindValues(IArrowArray array) => inner.Bind(array);
}

/// <summary>Dictionary-encoded columns: the values of the dictionary, by index.</summary>
internal sealed class DictionaryAccessor<T>(string where, Accessor<T> inner) : Accessor<T>(where)
{
    private DictionaryArray _array = null!;

    // A null in the dictionary itself is for the inner accessor to judge; a null index has no row there to ask for.
    public override T Get(int row) => !IsNull(row) ? inner.Get(Arrays.DictionaryIndex.Read(_array.Data, row)) : default(T) is null ? default! : throw RowErrors.NullRead(typeof(T), Where);

    protected override void BindValues(IArrowArray array)
    {
        _array = (DictionaryArray)array;
        inner.Bind(_array.Dictionary);
    }
}
