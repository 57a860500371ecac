using System.Text;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// The schemas of HoodieMetadataRecord, character by character as released Hudi writes them, the five meta columns before the record's own fields. A release writes the same one
/// whatever the table's version.
/// </summary>
internal static class MetadataSchemas
{
    private static readonly Lazy<string> V015 = new(() => Load("0.15"));
    private static readonly Lazy<string> V10 = new(() => Load("1.0"));
    private static readonly Lazy<string> V11 = new(() => Load("1.1"));

    /// <summary>Of Hudi 0.15: neither tight bounds, value types, positions nor secondary indexes.</summary>
    public static string Hudi015 => V015.Value;

    /// <summary>Of Hudi 1.0: without value types.</summary>
    public static string Hudi10 => V10.Value;

    /// <summary>Of Hudi 1.1 and 1.2.</summary>
    public static string Newest => V11.Value;

    private static string Load(string release)
    {
        using var stream = typeof(MetadataSchemas).Assembly.GetManifestResourceStream($"Hudi.HoodieMetadataRecord-{release}.avsc")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
