using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Core.Tests.Filtering;

/// <summary>True statistics of a batch, now and then widened, cut (texts) or left out, as files have them.</summary>
internal sealed class ModelStatistics : IColumnStatistics
{
    private readonly Dictionary<string, ColumnRange> _ranges = [];

    public ModelStatistics(RecordBatch batch, Random random)
    {
        foreach (var field in batch.Schema.FieldsList)
        {
            var array = batch.Column(field.Name);
            var name = field.Name;
            if (array is StructArray record)
            {
                (name, array) = ("st.x", record.Fields[0]);
            }

            if (random.Next(8) == 0)
            {
                continue;
            }

            var values = Enumerable.Range(0, array.Length).Select(i => StatisticValue.FromArray(array, i)).OfType<StatisticValue>().ToList();
            var nulls = Enumerable.Range(0, array.Length).Count(array.IsNull);
            values.Sort(Compare);
            StatisticValue? min = values.Count == 0 || random.Next(6) == 0 ? null : values[0], max = values.Count == 0 || random.Next(6) == 0 ? null : values[^1];
            if (field.DataType is StringType && random.Next(2) == 0)
            {
                min = min is { } low ? StatisticValue.OfText(low.Bytes[..Math.Min(1, low.Bytes.Length)]) : null;
                max = max is { } high ? StatisticValue.OfText(high.Bytes.ToArray().Append((byte)0).ToArray()) : null;
            }

            _ranges[name] = new ColumnRange(min, max, random.Next(5) == 0 ? null : array.Length, random.Next(5) == 0 ? null : nulls);
        }
    }

    public ColumnRange? Find(string column) => _ranges.GetValueOrDefault(column);

    private static int Compare(StatisticValue a, StatisticValue b) => a.Kind switch
    {
        StatisticValue.Kinds.Real => a.Real.CompareTo(b.Real),
        StatisticValue.Kinds.Text => a.Bytes.Span.SequenceCompareTo(b.Bytes.Span),
        _ => a.Number.CompareTo(b.Number),
    };
}
