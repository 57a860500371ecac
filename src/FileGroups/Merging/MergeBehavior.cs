using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What a merge mode or payload class makes of two rows of one key: the facts in which they differ.</summary>
/// <param name="OrderingFields">The columns whose values decide; empty where the later row wins.</param>
internal sealed record MergeBehavior(IReadOnlyList<string> OrderingFields)
{
    /// <summary>Which columns are filled.</summary>
    public FillKind Fill { get; init; }

    /// <summary>The marker of an unavailable value.</summary>
    public string? UnavailableMarker { get; init; }

    /// <summary>Whether a later row that loses fills the row that stays.</summary>
    public bool LoserFills { get; init; } = true;

    /// <summary>Whether a delete wins over any earlier row, and any later row over it, whatever their ordering values.</summary>
    public bool DeletesIgnoreOrder { get; init; }

    /// <summary>Whether a row without an ordering value can be compared: the later row wins then.</summary>
    public bool LaterWinsWithoutOrdering { get; init; }

    /// <summary>Whether the meta columns are those of the latest row, whichever row stays.</summary>
    public bool LatestMetaColumns { get; init; }

    /// <summary>Whether the ordering column holds MySQL's binlog position, <c>file.position</c>, as text.</summary>
    public bool OrdersByBinlog { get; init; }

    /// <summary>The delete marker that the payload class knows without being told.</summary>
    public DeleteMark? Delete { get; init; }

    /// <summary>
    /// What becomes of rows of one key in one write's input, where that is another thing: a payload class compares the table's ordering values then and takes one row as it is
    /// (OverwriteWithLatestAvroPayload.preCombine, which most classes inherit). Null: the same.
    /// </summary>
    public MergeBehavior? Duplicates { get; init; }

    /// <summary>What a write makes of a stored row and one that comes in where it rewrites a base file, if that is another thing than what readers make of logs. Null: the same.</summary>
    public MergeBehavior? Rewriting { get; init; }

    /// <summary>A merge rule of the caller's own; null: none.</summary>
    public IRecordMerger? Merger { get; init; }

    /// <param name="config">The table.</param>
    /// <param name="mergers">Merge rules of the caller's own.</param>
    /// <exception cref="LakehouseException">Unsupported: a mode, class or merger that this engine does not know, by name.</exception>
    public static MergeBehavior Of(TableConfig config, IReadOnlyList<IRecordMerger> mergers)
    {
        RequirePropertiesKnown(config);
        return config.MergeMode switch
        {
            MergeMode.CommitTime => Partial(config, []),
            MergeMode.EventTime => Partial(config, config.OrderingFields),
            _ when config.PartialUpdateMode != PartialUpdateMode.None => throw Refuse(config, ConfigKeys.PartialUpdateMode, config.Properties[ConfigKeys.PartialUpdateMode] + " with a custom merge mode"),
            _ when mergers.FirstOrDefault(m => m.StrategyId.ToString().Equals(config.Merge.StrategyId, StringComparison.OrdinalIgnoreCase)) is { } merger => new([]) { Merger = merger },
            _ => OfPayload(config),
        };
    }

    private static MergeBehavior Partial(TableConfig config, IReadOnlyList<string> ordering) => config.PartialUpdateMode switch
    {
        PartialUpdateMode.IgnoreDefaults => new(ordering) { Fill = FillKind.Defaults },
        PartialUpdateMode.FillUnavailable => new(ordering) { Fill = FillKind.Unavailable, UnavailableMarker = MergeProperties.Unavailable(config) },
        _ => new(ordering),
    };

    // Tables of versions 6 and 8 name a payload class, which Hudi 1.2 still runs (CustomPayloadRecordMerger): newer.combineAndGetUpdateValue(older), in the log and against the base file.
    private static MergeBehavior OfPayload(TableConfig config)
    {
        if (config.Merge.StrategyId is { } id && id != MergeConfig.PayloadStrategy && config.Version >= 8)
        {
            throw RefuseMerger(config, id);
        }

        return config.Merge.PayloadClass switch
        {
            "org.apache.hudi.common.model.PartialUpdateAvroPayload" =>
                new(config.OrderingFields) { Fill = FillKind.Nulls, DeletesIgnoreOrder = true, LaterWinsWithoutOrdering = true, LatestMetaColumns = true },
            "org.apache.hudi.common.model.OverwriteNonDefaultsWithLatestAvroPayload" => new([]) { Fill = FillKind.EqualDefaults, Duplicates = new(config.OrderingFields) },
            "org.apache.hudi.common.model.AWSDmsAvroPayload" => new([]) { Delete = new DeleteMark("Op", "D", IgnoreCase: true), Duplicates = new(config.OrderingFields) },
            "org.apache.hudi.common.model.debezium.PostgresDebeziumAvroPayload" => Postgres(config),
            "org.apache.hudi.common.model.debezium.MySqlDebeziumAvroPayload" =>
                new(["_event_seq"]) { OrdersByBinlog = true, DeletesIgnoreOrder = true, LaterWinsWithoutOrdering = true, Delete = DebeziumDelete, Duplicates = new(config.OrderingFields) },
            { } payload => throw Refuse(config, ConfigKeys.PayloadClass, payload),
            null => throw RefuseMerger(config, config.Merge.StrategyId ?? "(none)"),
        };
    }

    // Toasted values are filled where base files are rewritten. Of logs they are not, in reads and compactions of Hudi 1.2 alike, in which the class changes the newer record in place and the
    // merger goes on with the row that it made the record of.
    private static MergeBehavior Postgres(TableConfig config)
    {
        var logs = new MergeBehavior(["_event_lsn"])
        {
            DeletesIgnoreOrder = true,
            LaterWinsWithoutOrdering = true,
            Delete = DebeziumDelete,
            Duplicates = new(config.OrderingFields),
        };
        return logs with { Rewriting = logs with { Fill = FillKind.Unavailable, UnavailableMarker = MergeProperties.DebeziumUnavailable, LoserFills = false } };
    }

    private static DeleteMark DebeziumDelete => new("_change_operation_type", "d", IgnoreCase: true);

    private static void RequirePropertiesKnown(TableConfig config)
    {
        foreach (var (key, value) in config.MergeProperties)
        {
            if (!MergeProperties.IsKnown(key))
            {
                throw Refuse(config, ConfigKeys.MergePropertyPrefix + key, value);
            }
        }
    }

    private static LakehouseException RefuseMerger(TableConfig config, string id) => new(
        LakehouseErrorKind.Unsupported, $"This engine has no record merger with {ConfigKeys.MergeStrategyId}={id}", config.Root, TableConfig.Path,
        remedy: "Give an IRecordMerger of this id in LakehouseOptions.RecordMergers, or merge the table with Apache Hudi");

    private static LakehouseException Refuse(TableConfig config, string key, string value) => new(
        LakehouseErrorKind.Unsupported, $"This engine cannot merge rows of a table with {key}={value}", config.Root, TableConfig.Path,
        remedy: "Merge the table with Apache Hudi, or copy it into a table without this setting");
}
