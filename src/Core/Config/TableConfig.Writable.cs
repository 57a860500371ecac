namespace OllaLab.Lakehouse.Config;

internal sealed partial class TableConfig
{
    /// <summary>Refuses, by the property's name, what this engine can read and cannot write.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Unsupported"/>; nothing was changed.</exception>
    public void RequireWritable()
    {
        if (KeyGeneratorType == KeyGeneratorType.Other)
        {
            throw Refuse(Properties.ContainsKey(ConfigKeys.KeyGeneratorClass) ? ConfigKeys.KeyGeneratorClass : ConfigKeys.KeyGeneratorType, KeyGeneratorName);
        }

        if (CdcEnabled)
        {
            throw Refuse(ConfigKeys.Cdc, "true");
        }

        if (PartitionMetafileInBaseFormat)
        {
            throw Refuse(ConfigKeys.PartitionMetafileInBaseFormat, "true");
        }

        RequireMergeUnderstood();
    }

    /// <summary>Refuses, by the property's name, a way of merging rows that this engine does not know.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Unsupported"/>.</exception>
    public void RequireMergeUnderstood()
    {
        if (MergeMode == MergeMode.Custom)
        {
            throw Merge.PayloadClass is { } payload ? Refuse(ConfigKeys.PayloadClass, payload) : Refuse(ConfigKeys.MergeStrategyId, Merge.StrategyId ?? "(none)");
        }

        if (PartialUpdateMode != PartialUpdateMode.None)
        {
            throw Refuse(ConfigKeys.PartialUpdateMode, Properties[ConfigKeys.PartialUpdateMode]);
        }

        foreach (var (key, value) in MergeProperties)
        {
            // These two mark rows as deletes, which merging honours.
            if (key is not ("hoodie.payload.delete.field" or "hoodie.payload.delete.marker"))
            {
                throw Refuse(ConfigKeys.MergePropertyPrefix + key, value);
            }
        }
    }

    private LakehouseException Refuse(string key, string value) =>
        new(LakehouseErrorKind.Unsupported, $"This engine cannot write a table with {key}={value}", Root, Path, remedy: "Write the table with Apache Hudi, or copy it into a table without this setting");
}
