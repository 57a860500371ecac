namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>What a node of a Parquet schema stands for.</summary>
internal enum ParquetGroupKind
{
    Leaf,
    Struct,
    List,
    Map,
}
