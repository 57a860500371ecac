using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Appends C# values of one type to one column.</summary>
internal abstract class Appender<T>(string where)
{
    /// <summary>The type and property (or the reader's column), for messages.</summary>
    protected string Where { get; } = where;

    public abstract void Append(T value);
}

/// <summary>A value that C# cannot leave out.</summary>
internal sealed class ValueAppender<T>(string where, Func<T, bool> append) : Appender<T>(where)
{
    /// <summary>False: the value does not fit the column.</summary>
    public override void Append(T value)
    {
        if (!append(value))
        {
            throw RowErrors.OutOfRange(value, "the column", Where);
        }
    }
}

/// <summary>A nullable value type.</summary>
internal sealed class NullableAppender<T>(string where, Appender<T> inner, ColumnBuilder builder, bool nullable) : Appender<T?>(where)
    where T : struct
{
    public override void Append(T? value)
    {
        if (value is { } given)
        {
            inner.Append(given);
        }
        else if (nullable)
        {
            builder.AppendNull();
        }
        else
        {
            throw RowErrors.Null(Where);
        }
    }
}

/// <summary>A reference type.</summary>
internal sealed class ReferenceAppender<T>(string where, Action<T> append, ColumnBuilder builder, bool nullable) : Appender<T>(where)
    where T : class
{
    public override void Append(T value)
    {
        if (value is not null)
        {
            append(value);
        }
        else if (nullable)
        {
            builder.AppendNull();
        }
        else
        {
            throw RowErrors.Null(Where);
        }
    }
}
