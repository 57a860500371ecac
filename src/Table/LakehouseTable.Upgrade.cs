using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>
    /// Brings the table to another table version, up or down, as Hudi's UpgradeDowngrade does: unfinished writes are rolled back, merge-on-read tables compacted, the timeline is written in the
    /// other layout, and the properties say the new version in one step. Interrupted at any point the table has the old version or the new one; repeat the call. Stop other writers before.
    /// </summary>
    /// <param name="version">6, 8 or 9.</param>
    /// <param name="options">Whether only to tell; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work before that step.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: no such version, or what the table lacks for it. <see cref="LakehouseErrorKind.Unsupported"/>: the table uses what the other version has no
    /// form for. <see cref="LakehouseErrorKind.Conflict"/>: another writer is at work.
    /// </exception>
    public async Task<UpgradeResult> UpgradeAsync(int version = 9, UpgradeOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (version is not (6 or 8 or 9))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"There is no table version {version} here", Location, remedy: "Choose 9, 8 or 6");
        }

        options ??= new UpgradeOptions();
        var upgrade = new TableUpgrade(this);
        var (rolledBack, compacted) = options.DryRun ? ([], []) : await upgrade.PrepareAsync(version, options, cancellationToken);
        var result = await AloneAsync(writing, () => upgrade.ConvertAsync(version, options, cancellationToken), cancellationToken);
        return options.DryRun ? result : new UpgradeResult
        {
            From = result.From, To = result.To, RolledBack = rolledBack, Compacted = compacted, TimelineFiles = result.TimelineFiles, ArchivedInstants = result.ArchivedInstants, DropsMetadataTable = result.DropsMetadataTable, Properties = result.Properties,
        };
    }
}
