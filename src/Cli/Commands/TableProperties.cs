
namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of a new table: properties that have an option of their own, by Hudi's names, and the rest.</summary>
internal sealed record TableProperties
{
    public IndexType? Index { get; private init; }

    public MergeMode? MergeMode { get; private init; }

    public KeyGeneratorType? KeyGenerator { get; private init; }

    public bool HiveStyle { get; private init; }

    public bool UrlEncode { get; private init; }

    public bool PopulateMetaFields { get; private init; } = true;

    public bool Cdc { get; private init; }

    public CdcLogging CdcLogging { get; private init; } = CdcLogging.BeforeAndAfter;

    public Dictionary<string, string> Others { get; } = [];

    public static TableProperties Read(Dictionary<string, string> pairs)
    {
        var read = new TableProperties();
        foreach (var (key, value) in pairs)
        {
            switch (key)
            {
                case "hoodie.index.type":
                    read = read with { Index = WriteProperties.Index(value) };
                    break;
                case "hoodie.record.merge.mode":
                    read = read with
                    {
                        MergeMode = value.ToUpperInvariant() switch
                        {
                            "EVENT_TIME_ORDERING" => OllaLab.Lakehouse.MergeMode.EventTime,
                            "COMMIT_TIME_ORDERING" => OllaLab.Lakehouse.MergeMode.CommitTime,
                            _ => throw new UsageException($"--option {key} is EVENT_TIME_ORDERING or COMMIT_TIME_ORDERING, not {value}"),
                        },
                    };
                    break;
                case "hoodie.table.keygenerator.type":
                    read = read with { KeyGenerator = Enum.TryParse<KeyGeneratorType>(value.Replace("_", string.Empty), ignoreCase: true, out var type) ? type : throw new UsageException($"--option {key}: {value} is not a key generator; they are {string.Join(", ", Enum.GetNames<KeyGeneratorType>())}") };
                    break;
                case "hoodie.datasource.write.hive_style_partitioning":
                    read = read with { HiveStyle = WriteProperties.Boolean(key, value) };
                    break;
                case "hoodie.datasource.write.partitionpath.urlencode":
                    read = read with { UrlEncode = WriteProperties.Boolean(key, value) };
                    break;
                case "hoodie.populate.meta.fields":
                    read = read with { PopulateMetaFields = WriteProperties.Boolean(key, value) };
                    break;
                case "hoodie.table.cdc.enabled":
                    read = read with { Cdc = WriteProperties.Boolean(key, value) };
                    break;
                case "hoodie.table.cdc.supplemental.logging.mode":
                    read = read with
                    {
                        CdcLogging = value.ToUpperInvariant() switch
                        {
                            "OP_KEY_ONLY" => CdcLogging.KeyOnly,
                            "DATA_BEFORE" => CdcLogging.Before,
                            "DATA_BEFORE_AFTER" => CdcLogging.BeforeAndAfter,
                            _ => throw new UsageException($"--option {key} is OP_KEY_ONLY, DATA_BEFORE or DATA_BEFORE_AFTER, not {value}"),
                        },
                    };
                    break;
                default:
                    read.Others.Add(key, value);
                    break;
            }
        }

        return read;
    }
}
