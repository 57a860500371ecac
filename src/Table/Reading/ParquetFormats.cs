using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Reading;

/// <summary>The Parquet library that the options ask for.</summary>
internal static class ParquetFormats
{
    public static IParquetFormat Of(ParquetReader reader) => reader == ParquetReader.Managed ? ManagedParquetFormat.Instance : ParquetSharpFormat.Instance;
}
