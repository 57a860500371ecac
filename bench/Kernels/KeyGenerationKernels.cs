using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Bench.Kernels;

/// <summary>Record keys and partition paths of a batch of 16 384 rows.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class KeyGenerationKernels
{
    private readonly RecordBatch batch = Trips.Make(Trips.BatchRows, n => n).First();
    private IKeyGenerator simple = null!;
    private IKeyGenerator complex = null!;

    /// <summary>Makes the generators.</summary>
    [GlobalSetup]
    public void Make()
    {
        simple = Generator("id");
        complex = Generator("id", "driver");
    }

    /// <summary>One key column, one partition column.</summary>
    [Benchmark]
    public object Simple() => simple.Generate(batch, 0);

    /// <summary>Two key columns.</summary>
    [Benchmark]
    public object Complex() => complex.Generate(batch, 0);

    private static IKeyGenerator Generator(params string[] keys)
    {
        var table = new NewTable { Name = "trips", Version = 9, Type = TableType.CopyOnWrite, RecordKeyFields = keys, PartitionFields = [new PartitionField("city")] };
        return KeyGeneratorFactory.Create(TableConfig.Parse(TableConfig.PropertiesOf(table), "memory"), TableSchema.FromArrow(Trips.Schema, "trips"));
    }
}
