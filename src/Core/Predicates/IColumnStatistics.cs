namespace OllaLab.Lakehouse.Filtering;

/// <summary>What is known of a set of rows (a row group, a file, a partition) without reading it.</summary>
internal interface IColumnStatistics
{
    /// <summary>What is known of a column, dotted name where nested; null: nothing.</summary>
    ColumnRange? Find(string column);
}

/// <summary>Bounds of a column's values. Every value that is not null (and not NaN) lies between them; they need not be values of the column.</summary>
/// <param name="Min">Null: no lower bound is known.</param>
/// <param name="Max">Null: no upper bound is known.</param>
/// <param name="RowCount">Null: not known.</param>
/// <param name="NullCount">Null: not known.</param>
internal sealed record ColumnRange(StatisticValue? Min, StatisticValue? Max, long? RowCount, long? NullCount)
{
    public bool AllNull => RowCount is not null && NullCount == RowCount;

    /// <summary>A column that has one value in all rows, such as a partition column. <paramref name="row"/>: where <paramref name="array"/> has the value.</summary>
    public static ColumnRange Constant(Apache.Arrow.IArrowArray array, int row = 0)
    {
        if (array.IsNull(row))
        {
            return new ColumnRange(null, null, 1, 1);
        }

        // A value without a form here (NaN, a list) bounds nothing.
        var value = StatisticValue.FromArray(array, row);
        return new ColumnRange(value, value, 1, 0);
    }
}
