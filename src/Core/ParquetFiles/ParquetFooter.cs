namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The footer of a Parquet file (parquet.thrift: FileMetaData), as our own Thrift compact reader decodes it.</summary>
internal sealed partial class ParquetFooter
{
}
