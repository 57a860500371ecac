using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What all parts of one slice's merge have in common.</summary>
/// <param name="Rule">How rows of one key are merged.</param>
/// <param name="Table">The table's schema.</param>
/// <param name="Columns">The columns that are merged.</param>
/// <param name="MemoryBudget">Bytes that records may take.</param>
/// <param name="SpillFolder">Where spill files go; null for the system's temporary folder.</param>
internal sealed record LogMergeContext(MergeRule Rule, TableSchema Table, Schema Columns, long MemoryBudget, string? SpillFolder)
{
    private readonly Lazy<FillRule> fillRule = new(() => new FillRule(Rule, Table, Columns));

    public FillRule FillRule => fillRule.Value;

    /// <summary>
    /// Whether a record is merged with every base row of its key. Records whose blocks have positions are, in Hudi, merged with the rows at those positions, and a writer lists all rows of
    /// the key (PositionBasedFileGroupRecordBuffer); by key alone a record is merged with the first one (KeyBasedFileGroupRecordBuffer).
    /// </summary>
    public bool MeetsEveryRow { get; set; }

    /// <summary>Which rows of the base file the records are about, where base rows are given without keys.</summary>
    public LogPositions? Positions { get; set; }
}
