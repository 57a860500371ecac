using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse;

/// <summary>What a column is set to by <see cref="LakehouseTable.UpdateAsync(Predicate?, IReadOnlyDictionary{string, Assignment}, WriteOptions?, CancellationToken)"/>. It becomes the column's type without loss, as all input does.</summary>
public sealed class Assignment
{
    private readonly Func<RecordBatch, IArrowArray> compute;

    private Assignment(Func<RecordBatch, IArrowArray> compute) => this.compute = compute;

    /// <summary>The same value in every row.</summary>
    /// <param name="value">Null, text, a boolean, a number, a date or a time (DateOnly, DateTimeOffset), or bytes.</param>
    /// <exception cref="ArgumentException">A value of another type.</exception>
    public static Assignment Value(object? value)
    {
        // The value is looked at now, not when rows come.
        _ = Repeat(value, 1);
        return new(rows => Repeat(value, rows.Length));
    }

    /// <summary>What another column of the row holds.</summary>
    /// <param name="name">A top-level column.</param>
    public static Assignment Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(rows => rows.Schema.GetFieldIndex(name) is >= 0 and var at
            ? rows.Column(at)
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The table has no column '{name}'", remedy: "List the columns with 'schema'"));
    }

    /// <summary>What a function makes of the rows: one value for each.</summary>
    /// <param name="compute">Is given batches of the table's data columns, as they are stored.</param>
    public static Assignment Computed(Func<RecordBatch, IArrowArray> compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return new(compute);
    }

    internal IArrowArray Apply(RecordBatch rows)
    {
        var made = compute(rows);
        return made.Length == rows.Length
            ? made
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"An assignment made {made.Length} values for {rows.Length} rows", remedy: "Give one value for each row");
    }

    private static IArrowArray Repeat(object? value, int rows)
    {
        IEnumerable<T> Each<T>(T one) => Enumerable.Repeat(one, rows);
        return value switch
        {
            null => Kernels.Nulls(NullType.Default, rows),
            string text => Kernels.ConstantString(text, rows),
            bool flag => new BooleanArray.Builder().AppendRange(Each(flag)).Build(),
            sbyte or short or int or long or byte or ushort or uint => new Int64Array.Builder().AppendRange(Each(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture))).Build(),
            float number => new FloatArray.Builder().AppendRange(Each(number)).Build(),
            double number => new DoubleArray.Builder().AppendRange(Each(number)).Build(),
            decimal number => Decimals(number, rows),
            DateOnly day => Each(day).Aggregate(new Date32Array.Builder(), static (b, d) => b.Append(d.ToDateTime(TimeOnly.MinValue))).Build(),
            DateTimeOffset time => Each(time).Aggregate(new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "UTC")), static (b, t) => b.Append(t)).Build(),
            byte[] bytes => Each(bytes).Aggregate(new BinaryArray.Builder(), static (b, v) => b.Append(v.AsSpan())).Build(),
            _ => throw new ArgumentException($"A column cannot be set to a value of type {value.GetType()}; use Computed.", nameof(value)),
        };
    }

    private static Decimal128Array Decimals(decimal value, int rows)
    {
        var builder = new Decimal128Array.Builder(new Decimal128Type(38, value.Scale));
        for (var i = 0; i < rows; i++)
        {
            builder.Append(value);
        }

        return builder.Build();
    }
}
