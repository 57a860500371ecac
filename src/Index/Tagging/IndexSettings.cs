using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>What indexes that look into base files need.</summary>
/// <param name="Store">The table's storage.</param>
/// <param name="Format">The Parquet reader.</param>
internal sealed record IndexSettings(IObjectStore Store, IParquetFormat Format)
{
    /// <summary>Files looked into at once (hoodie.bloom.index.parallelism and the like); default: one a processor.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>In a table with virtual keys, where no file holds keys, what computes them from the data columns; else null.</summary>
    public IKeyGenerator? VirtualKeys { get; init; }
}
