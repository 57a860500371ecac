using System.Text;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The record keys that rows must have to match a condition.</summary>
internal static class KeyCondition
{
    /// <returns>Null: it asks for no certain keys, or the table's keys are not the text of one column.</returns>
    public static IReadOnlyCollection<string>? Find(Predicate condition, TableConfig config, TableSchema schema)
    {
        if (!config.PopulateMetaFields)
        {
            return null;
        }

        // Other generators write the column's name before the value, or join several.
        var simple = config.RecordKeyFields is [var field] && config.KeyGeneratorType is KeyGeneratorType.Simple or KeyGeneratorType.NonPartitioned
            && schema.Root.Fields.Any(f => f.Name == config.RecordKeyFields[0] && f.Type.Kind == AvroKind.String)
            ? config.RecordKeyFields[0]
            : null;
        return condition.TextsOf(MetaColumns.RecordKey) ?? (simple is null ? null : condition.TextsOf(simple));
    }

    /// <summary>Whether a filter may hold one of the keys.</summary>
    public static bool MightHold(BloomFilterPayload stored, IReadOnlyCollection<string> keys)
    {
        var filter = BloomFilter.Parse(stored.Filter.Span, stored.FilterType);
        return keys.Any(k => k.Length == 0 || filter.MightContain(Encoding.UTF8.GetBytes(k)));
    }
}
