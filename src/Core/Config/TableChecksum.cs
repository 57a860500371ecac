using System.IO.Hashing;
using System.Text;

namespace OllaLab.Lakehouse.Config;

/// <summary>The checksum of hoodie.properties: CRC-32 of "database.table", in decimal (HoodieTableConfig.generateChecksum). It guards against half-written files, as it is the last entry.</summary>
internal static class TableChecksum
{
    /// <summary>The checksum of a table's names; a missing database is empty.</summary>
    public static uint Of(string? database, string table) => Crc32.HashToUInt32(Encoding.UTF8.GetBytes($"{database}.{table}"));

    /// <summary>Whether properties carry the right checksum; null where they carry none, which Hudi accepts.</summary>
    public static bool? Holds(IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(ConfigKeys.Checksum, out var stored))
        {
            return null;
        }

        return properties.TryGetValue(ConfigKeys.Name, out var table)
            && ulong.TryParse(stored, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ulong value)
            && value == Of(properties.GetValueOrDefault(ConfigKeys.Database), table);
    }
}
