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

        if (PartitionMetafileInBaseFormat)
        {
            throw Refuse(ConfigKeys.PartitionMetafileInBaseFormat, "true");
        }
    }

    private LakehouseException Refuse(string key, string value) =>
        new(LakehouseErrorKind.Unsupported, $"This engine cannot write a table with {key}={value}", Root, Path, remedy: "Write the table with Apache Hudi, or copy it into a table without this setting");
}
