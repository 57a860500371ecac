using System.Text.Json;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Locks;

/// <summary>What .hoodie/.locks/table_lock.json holds (org.apache.hudi.client.transaction.lock.models.StorageLockData).</summary>
/// <param name="Expired">Whether it was released.</param>
/// <param name="ValidUntil">The end of the lease, in milliseconds of the epoch.</param>
/// <param name="Owner">Who holds it.</param>
/// <param name="Version">Of the object.</param>
internal sealed record StorageLockFile(bool Expired, long ValidUntil, string Owner, string Version)
{
    public const string Folder = ".hoodie/.locks";
    public const string Path = Folder + "/table_lock.json";

    /// <summary>What clocks may differ by before a lease that is over is taken over (StorageBasedLockProvider.CLOCK_DRIFT_BUFFER_MS).</summary>
    public static TimeSpan ClockDrift { get; } = TimeSpan.FromMilliseconds(500);

    public bool IsHeld(DateTimeOffset now) => !Expired && now.ToUnixTimeMilliseconds() <= ValidUntil + (long)ClockDrift.TotalMilliseconds;

    public static byte[] Write(bool expired, long validUntil, string owner)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteBoolean("expired", expired);
            json.WriteNumber("validUntil", validUntil);
            json.WriteString("owner", owner);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>The file as it is; null where there is none.</summary>
    public static async ValueTask<StorageLockFile?> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The version first and again afterwards: it must be that of the content.
            if (await store.GetInfoAsync(Path, cancellationToken) is not { Version: { } version })
            {
                return null;
            }

            var content = await store.ReadAsync(Path, cancellationToken);
            if ((await store.GetInfoAsync(Path, cancellationToken))?.Version == version)
            {
                return Parse(content, version, store.Root);
            }
        }
    }

    private static StorageLockFile Parse(ReadOnlyMemory<byte> content, string version, string root)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            var lockData = json.RootElement;
            return new(lockData.GetProperty("expired").GetBoolean(), lockData.GetProperty("validUntil").GetInt64(), lockData.GetProperty("owner").GetString() ?? string.Empty, version);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "The lock's file is not one of Hudi's", root, Path, remedy: "Delete it when no writer is at work", inner: e);
        }
    }
}
