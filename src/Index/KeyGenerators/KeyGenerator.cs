using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>All of Hudi's key generators: they differ only in how the two halves are made.</summary>
internal sealed class KeyGenerator(RecordKeySource keys, FieldPartitions partitions) : IKeyGenerator
{
    public IReadOnlyList<string> Columns { get; } = [.. keys.Fields.Concat(partitions.Fields).Select(ColumnPath.TopLevel).Distinct()];

    public GeneratedKeys Generate(RecordBatch data, long firstRow = 0)
    {
        var recordKeys = keys.Generate(data, firstRow);
        var (paths, codes) = partitions.Generate(data, firstRow);
        return new GeneratedKeys(recordKeys, paths, codes);
    }
}
