using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse;

/// <summary>Refuses a new table in the folder of another one: Hudi, which finds partitions by looking through all folders, would read its rows as the outer table's.</summary>
internal static class OuterTable
{
    public static async ValueTask RefuseAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        if (store is not LocalObjectStore)
        {
            return;
        }

        for (var folder = Path.GetDirectoryName(store.Root); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (await new LocalObjectStore(folder).GetInfoAsync(TableConfig.Path, cancellationToken) is not null)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput,
                    $"The folder lies inside the table {folder}, of which other engines would take the new table's rows for a part",
                    store.Root,
                    remedy: "Create the table beside that one");
            }
        }
    }
}
