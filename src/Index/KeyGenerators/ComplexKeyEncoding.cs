using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// HUDI-7001: a complex key of one field was written as field:value by Hudi up to 0.14.0 and from 1.1 on, and as the bare value by 0.14.1, 0.15.0 and 1.0.0 to 1.0.2.
/// A table of version 6 or 8 does not say which, its stored keys do.
/// </summary>
internal static class ComplexKeyEncoding
{
    /// <summary>Whether a table's properties leave it open.</summary>
    public static bool IsAmbiguous(TableConfig config) =>
        config is { KeyGeneratorType: KeyGeneratorType.Complex, RecordKeyFields.Length: 1, Version: < 9, ComplexKeyPrefixed: null };

    /// <summary>Whether stored keys (such as a base file's smallest and largest, from its footer) are bare values.</summary>
    public static bool IsBare(string field, params ReadOnlySpan<string> storedKeys)
    {
        foreach (string key in storedKeys)
        {
            if (!key.StartsWith(field + ":", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
