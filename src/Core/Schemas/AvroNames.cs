using System.Globalization;
using System.Text;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>Names of records and columns, as Hudi makes them from a table's name (HoodieSchemaConversionUtils, HoodieAvroUtils.sanitizeName).</summary>
internal static class AvroNames
{
    /// <summary>The name and namespace of a table's record.</summary>
    public static (string Name, string Namespace) Record(string table)
    {
        var clean = Sanitise(table);
        return ($"{clean}_record", $"hoodie.{clean}");
    }

    /// <summary>Whether Java's Avro takes this as a column's name: a letter or underscore, then letters, digits and underscores.</summary>
    public static bool IsValid(string name)
    {
        bool first = true;
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value != '_' && !Rune.IsLetter(rune) && (first || Rune.GetUnicodeCategory(rune) != UnicodeCategory.DecimalDigitNumber))
            {
                return false;
            }

            first = false;
        }

        return !first;
    }

    private static string Sanitise(string name)
    {
        var clean = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            bool fits = rune.Value is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') || (clean.Length > 0 && rune.Value is >= '0' and <= '9');
            clean.Append(fits ? rune.ToString() : "__");
        }

        return clean.ToString();
    }
}
