using System.Globalization;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Config;

internal static partial class TableConfigFile
{
    /// <summary>
    /// Changes properties. The old content is kept in the backup, put if absent, which also keeps a second updater out; the file is then replaced in one step, read back, and the backup
    /// removed. Java deletes the file before it writes the new one, as its file systems cannot replace; the readers of both look at the backup when the file is no good.
    /// Hold the table's lock when others may write (as Java does).
    /// </summary>
    /// <param name="store">The table's storage.</param>
    /// <param name="changes">Values to set; null removes the property.</param>
    /// <param name="environment">For the time in the file's comment.</param>
    /// <param name="cancellationToken">Counts until the first change is made.</param>
    /// <returns>The configuration as it is now.</returns>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>: another update is under way; as well as those of <see cref="LoadAsync"/>.</exception>
    public static async ValueTask<TableConfig> UpdateAsync(
        IObjectStore store, IReadOnlyDictionary<string, string?> changes, LakehouseEnvironment environment, CancellationToken cancellationToken = default)
    {
        await RecoverAsync(store, cancellationToken).ConfigureAwait(false);
        await LoadAsync(store, environment, cancellationToken).ConfigureAwait(false);
        var info = await store.GetInfoAsync(TableConfig.Path, cancellationToken).ConfigureAwait(false);
        var old = await PropertiesContent.ReadAsync(store, TableConfig.Path, cancellationToken).ConfigureAwait(false);
        if (old.Properties is null || info is null)
        {
            throw Busy(store);
        }

        var (properties, content) = Apply(old.Properties, changes, environment.Clock.GetUtcNow());
        var config = TableConfig.Parse(properties, store.Root);
        var backup = await store.PutAsync(TableConfig.BackupPath, old.Bytes, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        if (backup.Outcome != PutOutcome.Committed)
        {
            throw backup.Outcome == PutOutcome.Conflict ? Busy(store) : Unknown(store, backup.Cause);
        }

        var condition = store.Capabilities.CompareAndSwap && info.Value.Version is { } version ? PutCondition.IfMatch(version) : PutCondition.None;
        var put = await store.PutAsync(TableConfig.Path, content, condition, CancellationToken.None).ConfigureAwait(false);
        if (put.Outcome == PutOutcome.Conflict)
        {
            await store.DeleteAsync(TableConfig.BackupPath, CancellationToken.None).ConfigureAwait(false);
            throw Busy(store);
        }

        // Also after an unknown outcome the file itself tells; the backup stays until it does.
        var written = await PropertiesContent.ReadAsync(store, TableConfig.Path, CancellationToken.None).ConfigureAwait(false);
        if (!written.Bytes.Span.SequenceEqual(content))
        {
            throw Unknown(store, put.Cause);
        }

        await store.DeleteAsync(TableConfig.BackupPath, CancellationToken.None).ConfigureAwait(false);
        return config;
    }

    /// <summary>Ends an update that died: a file that is missing or broken is put back from the backup, which is then removed (HoodieTableConfig.recoverIfNeeded).</summary>
    public static async ValueTask RecoverAsync(IObjectStore store, CancellationToken cancellationToken = default)
    {
        var backup = await PropertiesContent.ReadAsync(store, TableConfig.BackupPath, cancellationToken).ConfigureAwait(false);
        if (backup.State == ContentState.Absent)
        {
            return;
        }

        var main = await PropertiesContent.ReadAsync(store, TableConfig.Path, cancellationToken).ConfigureAwait(false);
        if (main.State != ContentState.Valid)
        {
            // A backup that is no good either is kept, for whoever repairs the table.
            if (backup.State == ContentState.Broken)
            {
                throw Invalid(store, main, backup);
            }

            var put = await store.PutAsync(TableConfig.Path, backup.Bytes, PutCondition.None, cancellationToken).ConfigureAwait(false);
            if (put.Outcome != PutOutcome.Committed)
            {
                throw Unknown(store, put.Cause);
            }
        }

        await store.DeleteAsync(TableConfig.BackupPath, cancellationToken).ConfigureAwait(false);
    }

    private static (OrderedDictionary<string, string> Properties, byte[] Content) Apply(OrderedDictionary<string, string> old, IReadOnlyDictionary<string, string?> changes, DateTimeOffset now)
    {
        var properties = new OrderedDictionary<string, string>(old, StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                properties.Remove(key);
            }
            else
            {
                properties[key] = value;
            }
        }

        // Last, so that a torn file is known by its absence.
        properties.Remove(ConfigKeys.Checksum);
        properties[ConfigKeys.Checksum] = TableChecksum.Of(properties.GetValueOrDefault(ConfigKeys.Database), properties.GetValueOrDefault(ConfigKeys.Name, string.Empty))
            .ToString(CultureInfo.InvariantCulture);
        return (properties, JavaProperties.Write(properties, $"Updated at {Iso(now)}", now));
    }

    private static LakehouseException Busy(IObjectStore store) => new(
        LakehouseErrorKind.Conflict, "Another process is changing the table's configuration", store.Root, TableConfig.BackupPath, remedy: "Try again when it is done");
}
