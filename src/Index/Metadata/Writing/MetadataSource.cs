using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>How the metadata table's writer looks into data files.</summary>
/// <param name="Schema">The table's columns.</param>
/// <param name="Format">The Parquet reader.</param>
internal sealed record MetadataSource(TableSchema Schema, IParquetFormat Format);
