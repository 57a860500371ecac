using Parquet.Data;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The levels and values of one leaf in one row group, as Parquet.Net decoded them. The values stand at the front, nulls left out.</summary>
internal sealed class LeafColumn(SchemaNode leaf, RawColumnData raw, int entries) : IDisposable
{
    public SchemaNode Leaf { get; } = leaf;

    public RawColumnData Raw { get; } = raw;

    /// <summary>Values with nulls and empty lists: one pair of levels each.</summary>
    public int Entries { get; } = entries;

    /// <summary>Empty where the leaf is required all the way: every entry is defined.</summary>
    public ReadOnlySpan<int> Definitions => Leaf.MaxDefinition == 0 ? default : Raw.DefinitionLevels[..Entries];

    /// <summary>Empty where nothing is repeated: every entry is a row.</summary>
    public ReadOnlySpan<int> Repetitions => Leaf.MaxRepetition == 0 ? default : Raw.RepetitionLevels[..Entries];

    public void Dispose() => Raw.Dispose();
}
