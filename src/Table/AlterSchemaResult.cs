using Apache.Arrow;

namespace OllaLab.Lakehouse;

/// <summary>What <see cref="LakehouseTable.AlterSchemaAsync"/> did.</summary>
public sealed class AlterSchemaResult
{
    /// <summary>Requested time of the commit; null: a dry run, or nothing was to be changed.</summary>
    public string? Instant { get; init; }

    /// <summary>Completion time of the commit; null where there is none, and in tables of version 6.</summary>
    public string? CompletionTime { get; init; }

    /// <summary>The table's columns after the change.</summary>
    public required Schema Schema { get; init; }

    /// <summary>The same as a column list of Spark SQL, one a line.</summary>
    public required string Ddl { get; init; }
}
