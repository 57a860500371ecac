using System.Text;
using System.Text.Json;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Locks;

/// <summary>
/// Who held the storage-based lock when, one file of JSON lines for each time that it is held, where a table asks for it (StorageLockProviderAuditService: .hoodie/.locks/audit_enabled.json). A record
/// that cannot be written is left out: it must not break the lock.
/// </summary>
internal sealed class StorageLockAudit(IObjectStore store, string owner, DateTimeOffset started, TimeSpan validity)
{
    private const string ConfigPath = StorageLockFile.Folder + "/audit_enabled.json";
    private const string EnabledField = "STORAGE_LOCK_AUDIT_SERVICE_ENABLED";
    private readonly StringBuilder records = new();

    public static async ValueTask<StorageLockAudit?> StartAsync(IObjectStore store, string owner, DateTimeOffset now, TimeSpan validity, CancellationToken cancellationToken)
    {
        if (!await IsEnabledAsync(store, cancellationToken))
        {
            return null;
        }

        var audit = new StorageLockAudit(store, owner, now, validity);
        await audit.RecordAsync("START", now, held: true);
        return audit;
    }

    public async ValueTask RecordAsync(string state, DateTimeOffset now, bool held)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("ownerId", owner);
            json.WriteNumber("transactionStartTime", started.ToUnixTimeMilliseconds());
            json.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
            json.WriteString("state", state);
            json.WriteNumber("lockExpiration", (now + validity).ToUnixTimeMilliseconds());
            json.WriteBoolean("lockHeld", held);
            json.WriteEndObject();
        }

        records.Append(Encoding.UTF8.GetString(line.ToArray())).Append('\n');
        try
        {
            var path = $"{StorageLockFile.Folder}/audit/{started.ToUnixTimeMilliseconds()}_{owner}.jsonl";
            await store.PutAsync(path, Encoding.UTF8.GetBytes(records.ToString()), PutCondition.None, Durability.Deferred);
        }
        catch (LakehouseException)
        {
        }
    }

    private static async ValueTask<bool> IsEnabledAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            using var json = JsonDocument.Parse(await store.ReadAsync(ConfigPath, cancellationToken));
            return json.RootElement.TryGetProperty(EnabledField, out var enabled) && enabled.ValueKind == JsonValueKind.True;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or LakehouseException)
        {
            return false;
        }
    }
}
