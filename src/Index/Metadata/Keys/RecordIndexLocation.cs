using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The file id in an entry of the record index (HoodieMetadataPayload.createRecordIndexUpdate, HoodieTableMetadataUtil.getLocationFromRecordIndexInfo).</summary>
internal static class RecordIndexLocation
{
    private const int UuidLength = 36;
    private const int RawId = 1;

    /// <summary>The entry of a key.</summary>
    /// <param name="partitionPath">The data partition.</param>
    /// <param name="fileId">A UUID, a UUID and a number, or any other text.</param>
    /// <param name="instantTime">Milliseconds since the epoch of the commit's instant, in the table's timeline zone.</param>
    public static RecordIndexPayload Make(string partitionPath, string fileId, long instantTime) => TrySplit(fileId, out ulong high, out ulong low, out int index)
        ? new RecordIndexPayload(partitionPath, (long)high, (long)low, index, string.Empty, instantTime)
        : new RecordIndexPayload(partitionPath, -1, -1, -1, fileId, instantTime, RawId);

    /// <summary>Milliseconds since the epoch of an instant (HoodieInstantTimeGenerator.parseDateFromInstantTime).</summary>
    /// <param name="instant">Its digits.</param>
    /// <param name="zone">The table's timeline zone.</param>
    public static long MillisOf(string instant, TimeZoneInfo zone) => InstantTimes.ParseSafely(instant) is { } local
        ? new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zone.GetUtcOffset(local)).ToUnixTimeMilliseconds()
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, "An instant that the record index is to name is no time", instant: instant);

    public static string FileIdOf(RecordIndexPayload entry) => entry.Encoding == RawId ? entry.FileId : FileIdOf(entry.FileIdHighBits, entry.FileIdLowBits, entry.FileIndex);

    public static string FileIdOf(in RecordIndexEntry entry) => entry.Encoding == RawId ? Encoding.UTF8.GetString(entry.FileId) : FileIdOf(entry.HighBits, entry.LowBits, entry.FileIndex);

    /// <summary>Java's UUID of two halves, its digits in the halves' order.</summary>
    private static string FileIdOf(long high, long low, int index)
    {
        ulong h = (ulong)high;
        ulong l = (ulong)low;
        var uuid = string.Create(CultureInfo.InvariantCulture, $"{h >> 32:x8}-{(h >> 16) & 0xFFFF:x4}-{h & 0xFFFF:x4}-{l >> 48:x4}-{l & 0xFFFF_FFFF_FFFF:x12}");
        return index < 0 ? uuid : string.Create(CultureInfo.InvariantCulture, $"{uuid}-{index}");
    }

    private static bool TrySplit(string fileId, out ulong high, out ulong low, out int index)
    {
        (high, low, index) = (0, 0, -1);
        if (fileId.Length < UuidLength || fileId[8] != '-' || fileId[13] != '-' || fileId[18] != '-' || fileId[23] != '-')
        {
            return false;
        }

        var rest = fileId.AsSpan(UuidLength);
        bool hasIndex = rest.IsEmpty || (rest[0] == '-' && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out index));
        string digits = string.Concat(fileId.AsSpan(0, 8), fileId.AsSpan(9, 4), fileId.AsSpan(14, 4));
        string others = string.Concat(fileId.AsSpan(19, 4), fileId.AsSpan(24, 12));

        // What would not come back as it was, such as capital letters or a number with leading zeros, is kept as text.
        return hasIndex
            && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out high)
            && ulong.TryParse(others, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out low)
            && FileIdOf((long)high, (long)low, index) == fileId;
    }
}
