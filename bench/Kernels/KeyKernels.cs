using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.Indexing;

namespace OllaLab.Lakehouse.Bench.Kernels;

/// <summary>Keys of a batch of 16 384 rows: into a map, looked up in it, into a bloom filter of a million.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class KeyKernels
{
    private readonly StringArray keys = (StringArray)Trips.Make(Trips.BatchRows, n => n).First().Column(0);
    private readonly int[] numbers = new int[Trips.BatchRows];
    private readonly KeyMap filled = new(Trips.BatchRows);
    private readonly BloomFilter bloom = BloomFilter.Create(BloomFilter.Dynamic, 1_000_000, 1e-5, 2_000_000);

    /// <summary>Fills the map that is asked.</summary>
    [GlobalSetup]
    public void Fill() => filled.AddAll(keys, numbers);

    /// <summary>KeyMap, filled.</summary>
    [Benchmark]
    public int MapAdd()
    {
        var map = new KeyMap(Trips.BatchRows);
        map.AddAll(keys, numbers);
        return map.Count;
    }

    /// <summary>KeyMap, asked.</summary>
    [Benchmark]
    public int MapFind() => filled.FindAll(keys, numbers);

    /// <summary>Bloom filter, filled.</summary>
    [Benchmark]
    public void BloomAdd() => bloom.AddAll(keys);
}
