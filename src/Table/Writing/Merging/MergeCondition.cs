using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Writing.Merging;

/// <summary>A condition that all stored rows meet whose keys a merge looks for, so that files and partitions are left out that hold none of them.</summary>
internal static class MergeCondition
{
    // More would cost more to compare than they leave out.
    private const int MostKeys = 1_000;

    /// <param name="source">The source's rows.</param>
    /// <param name="table">The table's columns.</param>
    /// <param name="keys">The table's key columns.</param>
    /// <returns>Null where there are many, or none of their columns is text or a whole number in both.</returns>
    public static Predicate? Of(RecordBatch source, Schema table, IEnumerable<string> keys)
    {
        Predicate? all = null;
        foreach (var name in source.Length > MostKeys ? [] : keys)
        {
            var at = source.Schema.GetFieldIndex(name);
            var stored = table.GetFieldIndex(name);
            var one = at < 0 || stored < 0 ? null : (source.Column(at), table.FieldsList[stored].DataType) switch
            {
                (StringArray { NullCount: 0 } texts, StringType) => Predicates.Column(name).In(Enumerable.Range(0, texts.Length).Select(i => texts.GetString(i)).Distinct()),
                (Int64Array { NullCount: 0 } numbers, Int32Type or Int64Type) => Predicates.Column(name).In(numbers.Select(n => n!.Value).Distinct()),
                (Int32Array { NullCount: 0 } numbers, Int32Type or Int64Type) => Predicates.Column(name).In(numbers.Select(n => n!.Value).Distinct()),
                _ => null,
            };
            all = one is null ? all : all is null ? one : all & one;
        }

        return all;
    }
}
