using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Reads the keys of every base file of the partition (HoodieSimpleIndex), but for row groups whose statistics rule the keys out.</summary>
internal sealed class SimpleIndex(IndexSettings settings) : BaseFileIndex(settings)
{
    public override string Name => "SIMPLE";

    protected override int[]? Candidates(KeyMap keys, ParquetFooter footer, string path) => null;
}
