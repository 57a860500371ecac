using OllaLab.Lakehouse.Metadata;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Drops a table's metadata table, as Hudi's writers do when hoodie.metadata.enable is false (HoodieTable.maybeDeleteMetadataTable).</summary>
internal static class MetadataTableDrop
{
    /// <returns>Whether anything was dropped.</returns>
    public static ValueTask<bool> RunAsync(TableState state, LakehouseEnvironment environment, CancellationToken cancellationToken) =>
        MetadataDrop.RunAsync(state.Store, state.Config, environment, cancellationToken);
}
