namespace OllaLab.Lakehouse.Config;

/// <summary>
/// How rows with the same key are merged, as Hudi 1.2 infers it from any version's properties (HoodieTableConfig.inferMergingConfigsForPreV9Table and ...ForV9TableCreation,
/// HoodieRecordPayload.getPayloadClassName).
/// </summary>
/// <param name="Mode">The merge mode.</param>
/// <param name="StrategyId">The merge strategy's id; null where none is named.</param>
/// <param name="PayloadClass">The payload class that the table names, legacy ones included; null where none is named.</param>
internal sealed record MergeConfig(MergeMode Mode, string? StrategyId, string? PayloadClass)
{
    public const string EventTimeStrategy = "eeb8d96f-b1e4-49fd-bbf8-28ac514178e5";
    public const string CommitTimeStrategy = "ce9acb64-bde0-424c-9b91-f6ebba25356d";
    public const string PayloadStrategy = "00000000-0000-0000-0000-000000000000";

    public const string DefaultPayload = "org.apache.hudi.common.model.DefaultHoodieRecordPayload";
    public const string EventTimePayload = "org.apache.hudi.common.model.EventTimeAvroPayload";
    public const string OverwriteWithLatestPayload = "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload";

    /// <summary>Infers the configuration; null where a mode is named that is none of Hudi's.</summary>
    public static MergeConfig? Infer(IReadOnlyDictionary<string, string> properties, int version, bool hasOrderingFields)
    {
        var payload = Text(properties, ConfigKeys.PayloadClass) ?? Text(properties, ConfigKeys.LegacyPayloadClass);
        payload = payload?.Replace("com.uber.hoodie", "org.apache.hudi", StringComparison.Ordinal);
        var strategy = Text(properties, ConfigKeys.MergeStrategyId) ?? Text(properties, ConfigKeys.MergeStrategyIdOld);
        if (version >= 8 && Text(properties, ConfigKeys.MergeMode) is { } named)
        {
            // From version 8 on the mode is stored, and what else is stored agrees with it.
            return Parse(named) is { } mode ? new MergeConfig(mode, strategy ?? DefaultStrategy(mode, payload), payload) : null;
        }

        if (version < 8)
        {
            // Here the payload class wins over the strategy id, which 0.14 and 0.15 wrote as event time whatever the payload was. Where none is stored it is Hudi's default one, event
            // time, which without an ordering field amounts to commit time.
            var byPayload = ModeOfPayload(payload ?? DefaultPayload);
            return new MergeConfig(byPayload, DefaultStrategy(byPayload, payload), payload);
        }

        var inferred = ModeOfStrategy(strategy) ?? (payload is null ? (hasOrderingFields ? MergeMode.EventTime : MergeMode.CommitTime) : ModeOfPayload(payload));
        return new MergeConfig(inferred, strategy ?? DefaultStrategy(inferred, payload), payload);
    }

    /// <summary>Hudi's name of a mode.</summary>
    public static string NameOf(MergeMode mode) => mode switch
    {
        MergeMode.EventTime => "EVENT_TIME_ORDERING",
        MergeMode.CommitTime => "COMMIT_TIME_ORDERING",
        _ => "CUSTOM",
    };

    private static MergeMode? Parse(string name) => name.ToUpperInvariant() switch
    {
        "EVENT_TIME_ORDERING" => MergeMode.EventTime,
        "COMMIT_TIME_ORDERING" => MergeMode.CommitTime,
        "CUSTOM" => MergeMode.Custom,
        _ => null,
    };

    private static string? DefaultStrategy(MergeMode mode, string? payload) => mode switch
    {
        MergeMode.EventTime => EventTimeStrategy,
        MergeMode.CommitTime => CommitTimeStrategy,
        _ => payload is null ? null : PayloadStrategy,
    };

    private static MergeMode ModeOfPayload(string payload) => payload switch
    {
        DefaultPayload or EventTimePayload => MergeMode.EventTime,
        OverwriteWithLatestPayload => MergeMode.CommitTime,
        _ => MergeMode.Custom,
    };

    private static MergeMode? ModeOfStrategy(string? strategy) => strategy switch
    {
        null => null,
        EventTimeStrategy => MergeMode.EventTime,
        CommitTimeStrategy => MergeMode.CommitTime,
        _ => MergeMode.Custom,
    };

    private static string? Text(IReadOnlyDictionary<string, string> properties, string key) => properties.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
}
