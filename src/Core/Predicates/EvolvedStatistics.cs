using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Casts;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>
/// The statistics of a file as those of the columns that are read from it: under their names in the file, and bounds converted as the values are. Where a conversion does not keep the order
/// (numbers to text) no bounds are known.
/// </summary>
/// <param name="stored">Of the file's own columns.</param>
/// <param name="file">The file's columns.</param>
/// <param name="wanted">The columns read.</param>
/// <param name="sources">Other names in the file (<see cref="Schemas.Evolution.ColumnNames.Sources"/>); null: none.</param>
internal sealed class EvolvedStatistics(IColumnStatistics stored, Schema file, Schema wanted, IReadOnlyDictionary<string, string?>? sources) : IColumnStatistics
{
    public ColumnRange? Find(string column)
    {
        if (Source(column) is not { } source || stored.Find(source) is not { } range)
        {
            return null;
        }

        var (from, to) = (TypeOf(file, source), TypeOf(wanted, column));
        return from is null || to is null || ArrowTypes.Identical(from, to) ? range : range with { Min = Convert(range.Min, from, to), Max = Convert(range.Max, from, to) };
    }

    private string? Source(string column)
    {
        if (sources is null)
        {
            return column;
        }

        var parts = column.Split('.');
        for (int i = 0; i < parts.Length; i++)
        {
            if (sources.TryGetValue(string.Join('.', column.Split('.').Take(i + 1)), out var source))
            {
                if (source is null)
                {
                    return null;
                }

                parts[i] = source;
            }
        }

        return string.Join('.', parts);
    }

    private static IArrowType? TypeOf(Schema schema, string column)
    {
        IEnumerable<Field> fields = schema.FieldsList;
        IArrowType? type = null;
        foreach (var part in column.Split('.'))
        {
            type = fields.FirstOrDefault(f => f.Name == part)?.DataType;
            fields = type is StructType inner ? inner.Fields : [];
        }

        return type;
    }

    // All of these keep the order, or are left out.
    private static StatisticValue? Convert(StatisticValue? value, IArrowType from, IArrowType to) => (value?.Kind, to) switch
    {
        (StatisticValue.Kinds.Whole, Int32Type or Int64Type or Decimal128Type) => value,
        (StatisticValue.Kinds.Whole, FloatType) => StatisticValue.OfReal((float)value.Value.Number),
        (StatisticValue.Kinds.Whole, DoubleType) => StatisticValue.OfReal((double)value.Value.Number),
        (StatisticValue.Kinds.Real, DoubleType) when from is FloatType => StatisticValue.OfReal(NumberCasts.ThroughText((float)value.Value.Real)),
        (StatisticValue.Kinds.Decimal, Decimal128Type) or (StatisticValue.Kinds.TimestampNanos, TimestampType) or (StatisticValue.Kinds.TimeNanos, TimeType) => value,
        (StatisticValue.Kinds.Days, Date32Type) or (StatisticValue.Kinds.Text, StringType) or (StatisticValue.Kinds.Bytes, BinaryType) => value,
        _ => null,
    };
}
