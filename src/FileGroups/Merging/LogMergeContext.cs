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
}
