namespace OllaLab.Lakehouse.Filtering;

/// <summary>The order of statistics of one column: numbers by value, -0.0 below 0.0 as java.lang.Double has it, text and bytes by unsigned bytes.</summary>
internal static class StatisticOrder
{
    /// <returns>Null where the two have no common order.</returns>
    public static int? Compare(StatisticValue a, StatisticValue b)
    {
        if (a.Kind != b.Kind || a.Scale != b.Scale)
        {
            return null;
        }

        return a.Kind switch
        {
            StatisticValue.Kinds.Real when a.Real == b.Real => double.IsNegative(b.Real).CompareTo(double.IsNegative(a.Real)),
            StatisticValue.Kinds.Real => a.Real.CompareTo(b.Real),
            StatisticValue.Kinds.Text or StatisticValue.Kinds.Bytes => a.Bytes.Span.SequenceCompareTo(b.Bytes.Span),
            _ => a.Number.CompareTo(b.Number),
        };
    }

    public static StatisticValue? Least(StatisticValue a, StatisticValue b) => Compare(a, b) switch { null => null, <= 0 => a, _ => b };

    public static StatisticValue? Greatest(StatisticValue a, StatisticValue b) => Compare(a, b) switch { null => null, >= 0 => a, _ => b };
}
