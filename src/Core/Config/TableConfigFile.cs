using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Config;

/// <summary>hoodie.properties on storage: created once, read with its backup at hand, and updated by the protocol that Java follows (HoodieTableConfig.modify, ConfigUtils; format A.4).</summary>
internal static partial class TableConfigFile
{
    // Java retries five times, a second apart, while another process rewrites the file in place.
    private const int Attempts = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads a table's configuration: the file, or its backup while the file is being updated.</summary>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.NotFound"/>: no table here. <see cref="LakehouseErrorKind.Corrupt"/>: no file with a valid checksum. <see cref="LakehouseErrorKind.Unsupported"/>: see
    /// <see cref="TableConfig.Parse"/>.
    /// </exception>
    public static async ValueTask<TableConfig> LoadAsync(IObjectStore store, LakehouseEnvironment environment, CancellationToken cancellationToken = default)
    {
        for (int attempt = 1; ; attempt++)
        {
            var main = await PropertiesContent.ReadAsync(store, TableConfig.Path, cancellationToken).ConfigureAwait(false);
            if (main.State == ContentState.Valid)
            {
                return TableConfig.Parse(main.Properties!, store.Root);
            }

            var backup = await PropertiesContent.ReadAsync(store, TableConfig.BackupPath, cancellationToken).ConfigureAwait(false);
            if (backup.State == ContentState.Valid)
            {
                return TableConfig.Parse(backup.Properties!, store.Root);
            }

            // An old file may lack the checksum, and Hudi accepts it; with a backup beside it, it may as well be a torn one.
            if (main.State == ContentState.Unchecked && backup.State == ContentState.Absent)
            {
                return TableConfig.Parse(main.Properties!, store.Root);
            }

            bool absent = main.State == ContentState.Absent && backup.State == ContentState.Absent;
            if (absent && attempt > 1)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.NotFound, "This is not a Hudi table: the file is missing", store.Root, TableConfig.Path, remedy: "Check the path; it is the folder that holds .hoodie");
            }

            if (attempt == Attempts)
            {
                throw Invalid(store, main, backup);
            }

            // Both missing: an update may have ended between the two reads, so one more look at once tells.
            if (!absent)
            {
                await Task.Delay(RetryDelay, environment.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Creates a table's folders and, last and only if there is none, its configuration file.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.AlreadyExists"/>; <see cref="LakehouseErrorKind.InvalidInput"/>; <see cref="LakehouseErrorKind.OutcomeUnknown"/>.</exception>
    public static async ValueTask<TableConfig> CreateAsync(IObjectStore store, NewTable table, LakehouseEnvironment environment, CancellationToken cancellationToken = default)
    {
        var properties = TableConfig.PropertiesOf(table);
        var config = TableConfig.Parse(properties, store.Root);
        await RefuseExistingAsync(store, TableConfig.BackupPath, cancellationToken).ConfigureAwait(false);
        await RefuseExistingAsync(store, TableConfig.Path, cancellationToken).ConfigureAwait(false);
        if (store.Capabilities.Folders)
        {
            string[] folders = [".hoodie/.aux/.bootstrap/.partitions", ".hoodie/.aux/.bootstrap/.fileids", ".hoodie/.schema", ".hoodie/.temp", config.Version < 8 ? config.ArchiveFolder : config.HistoryPath];
            foreach (var folder in folders)
            {
                await store.CreateFolderAsync(folder, cancellationToken).ConfigureAwait(false);
            }
        }

        var now = environment.Clock.GetUtcNow();
        var content = JavaProperties.Write(properties, $"Properties saved on {Iso(now)}", now);
        var put = await store.PutAsync(TableConfig.Path, content, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return put.Outcome switch
        {
            PutOutcome.Committed => config,
            PutOutcome.Conflict => throw Taken(store),
            _ => throw Unknown(store, put.Cause),
        };
    }

    private static async ValueTask RefuseExistingAsync(IObjectStore store, string path, CancellationToken cancellationToken)
    {
        if (await store.GetInfoAsync(path, cancellationToken).ConfigureAwait(false) is not null)
        {
            throw Taken(store);
        }
    }

    private static LakehouseException Taken(IObjectStore store) =>
        new(LakehouseErrorKind.AlreadyExists, "There is a table here already", store.Root, TableConfig.Path, remedy: "Open it, or choose another folder");

    private static LakehouseException Unknown(IObjectStore store, Exception? cause) => new(
        LakehouseErrorKind.OutcomeUnknown, "The storage did not say whether the file was written", store.Root, TableConfig.Path, remedy: "Read the table's configuration again", inner: cause);

    private static LakehouseException Invalid(IObjectStore store, PropertiesContent main, PropertiesContent backup) => new(
        LakehouseErrorKind.Corrupt,
        $"The table's configuration is not valid: the file {main.Problem}, its backup {backup.Problem}",
        store.Root,
        TableConfig.Path,
        remedy: $"Restore the file; its {ConfigKeys.Checksum} must be the CRC-32 of 'database.table'");

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
