using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using OllaLab.Lakehouse.Bench.Data;

namespace OllaLab.Lakehouse.Bench.Kernels;

/// <summary>Gathers of a batch of 16 384 rows of 10 columns: scattered rows of one batch, and a merge that replaces each tenth row.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ColumnKernels
{
    private readonly RecordBatch[] batches = [.. Trips.Make(2 * Trips.BatchRows, n => n)];
    private readonly int[] scattered = [.. Enumerable.Range(0, Trips.BatchRows).Select(n => (int)(n * 7919L % Trips.BatchRows))];
    private readonly int[] row = [.. Enumerable.Range(0, Trips.BatchRows)];
    private readonly int[] source = [.. Enumerable.Range(0, Trips.BatchRows).Select(n => n % 10 == 0 ? 1 : 0)];

    /// <summary>Take.</summary>
    [Benchmark]
    public object Take() => Arrays.Kernels.Take(batches[0], scattered);

    /// <summary>Interleave.</summary>
    [Benchmark]
    public object Interleave() => Arrays.Kernels.Interleave(batches, source, row);
}
