using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Everything that decides keys and partition paths, whichever of a table's properties or a writer's options it comes from.</summary>
internal sealed partial record KeyGeneratorSettings
{
    public required KeyGeneratorType Kind { get; init; }

    /// <summary>Columns of the record key, nested ones as a.b; empty: the engine generates keys.</summary>
    public IReadOnlyList<string> RecordKeyFields { get; init; } = [];

    /// <summary>Columns of the partition path. With <see cref="KeyGeneratorType.Custom"/> each says its type.</summary>
    public IReadOnlyList<PartitionField> PartitionFields { get; init; } = [];

    /// <summary>hoodie.datasource.write.hive_style_partitioning: folders are named field=value.</summary>
    public bool HiveStyle { get; init; }

    /// <summary>hoodie.datasource.write.partitionpath.urlencode</summary>
    public bool UrlEncode { get; init; }

    /// <summary>hoodie.datasource.write.slash.separated.date.partitioning: 2024-01-05 lies in 2024/01/05.</summary>
    public bool SlashSeparatedDates { get; init; }

    /// <summary>hoodie.datasource.write.keygenerator.consistent.logical.timestamp.enabled: timestamps become text such as 2024-01-05 10:00:00.0 instead of a number.</summary>
    public bool TimestampsAsText { get; init; }

    /// <summary>A complex key of one field is the bare value (Hudi 0.14.1, 0.15.0, 1.0.0 to 1.0.2; HUDI-7001) instead of field:value.</summary>
    public bool BareSingleComplexKey { get; init; }

    /// <summary>Properties under hoodie.keygen.timebased.</summary>
    public IReadOnlyDictionary<string, string> Timebased { get; init; } = new Dictionary<string, string>();

    /// <summary>Where generated keys come from; null where the table has record key fields.</summary>
    public AutoKeys? AutoKeys { get; init; }

    /// <summary>For two-digit years, which are read relative to the present one.</summary>
    public LakehouseEnvironment Environment { get; init; } = LakehouseEnvironment.System;
}

/// <summary>Keys made by the engine: instant_writer_row (AutoRecordGenWrapperAvroKeyGenerator). Unique as long as no two writers of an instant share a number.</summary>
/// <param name="Instant">Requested time of the commit.</param>
/// <param name="Writer">Number of the task within the commit.</param>
internal sealed record AutoKeys(string Instant, int Writer = 0);
