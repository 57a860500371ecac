using System.IO.Hashing;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The input of a keyed write, held within a memory limit. Past it, rows go to spill files by a hash of partition path and key, so that all rows of one key lie in one unit
/// and each unit can be merged and tagged on its own (a Grace hash partitioning; a unit that is still too large is split again).
/// </summary>
internal sealed class StagedRows : IDisposable
{
    private const int Fan = 32;
    private const int MaxDepth = 4;
    private readonly long memoryLimit;
    private readonly string? spillFolder;
    private readonly int depth;
    private readonly bool acrossPartitions;
    private readonly bool keep;
    private readonly List<StagedBatch> memory = [];
    private readonly SpillFile?[] spills = new SpillFile?[Fan];
    private readonly long[] spilledBytes = new long[Fan];
    private long bytes;
    private bool spilled;
    private Apache.Arrow.Schema? schema;

    /// <param name="memoryLimit">Bytes held in memory.</param>
    /// <param name="spillFolder">Where the rest goes.</param>
    /// <param name="acrossPartitions">Whether a key is one in all partitions.</param>
    /// <param name="keep">Whether the rows may be asked for again.</param>
    public StagedRows(long memoryLimit, string? spillFolder, bool acrossPartitions, bool keep = false)
        : this(memoryLimit, spillFolder, acrossPartitions, 0) => this.keep = keep;

    private StagedRows(long memoryLimit, string? spillFolder, bool acrossPartitions, int depth)
    {
        this.acrossPartitions = acrossPartitions;
        this.memoryLimit = memoryLimit;
        this.spillFolder = spillFolder;
        this.depth = depth;
    }

    public long Rows { get; private set; }

    /// <summary>Whether the input went past the memory limit.</summary>
    public bool Spilled => spilled;

    public void Add(StagedBatch batch)
    {
        schema ??= batch.Data.Schema;
        Rows += batch.Length;
        if (spilled)
        {
            Spill(batch);
            return;
        }

        memory.Add(batch);
        bytes += Bytes(batch);
        if (bytes > memoryLimit && depth < MaxDepth)
        {
            spilled = true;
            foreach (var held in memory)
            {
                Spill(held);
            }

            memory.Clear();
            bytes = 0;
        }
    }

    /// <summary>The rows unit by unit, each within the memory limit. A key's rows are in one unit, in the order they came.</summary>
    public IEnumerable<IReadOnlyList<StagedBatch>> Units()
    {
        if (!spilled)
        {
            if (memory.Count > 0)
            {
                yield return memory;
            }

            yield break;
        }

        for (var part = 0; part < Fan;)
        {
            // Small parts make one unit together: every unit costs a look at the keys of all files.
            using var unit = new StagedRows(memoryLimit, spillFolder, acrossPartitions, depth + 1);
            var together = 0L;
            do
            {
                together += spilledBytes[part];
                if (spills[part] is { } spill)
                {
                    foreach (var batch in spill.Read())
                    {
                        unit.Add(StagedBatchSpill.Unpack(batch, schema!));
                    }

                    if (!keep)
                    {
                        spill.Dispose();
                        spills[part] = null;
                    }
                }

                part++;
            }
            while (part < Fan && together + spilledBytes[part] <= memoryLimit / 8 * 7);

            foreach (var rows in unit.Units())
            {
                yield return rows;
            }
        }
    }

    public void Dispose()
    {
        foreach (var spill in spills)
        {
            spill?.Dispose();
        }
    }

    private static long Bytes(StagedBatch batch) => ArrowSize.Bytes(batch.Data) + ArrowSize.Bytes(batch.Keys) + (batch.Length * 12L);

    private void Spill(StagedBatch batch)
    {
        var rows = new List<int>[Fan];
        for (var i = 0; i < batch.Length; i++)
        {
            // Another seed at each depth: rows that met in one unit must not meet again.
            var hash = XxHash64.HashToUInt64(batch.Keys.GetBytes(i), seed: (acrossPartitions ? 0 : (long)batch.Partitions[i] << 8) | (long)depth);
            (rows[(int)(hash % Fan)] ??= []).Add(i);
        }

        var packed = StagedBatchSpill.Pack(batch);
        var rowBytes = (double)Bytes(batch) / batch.Length;
        for (var part = 0; part < Fan; part++)
        {
            if (rows[part] is { } chosen)
            {
                spilledBytes[part] += (long)(rowBytes * chosen.Count);
                (spills[part] ??= new SpillFile(spillFolder)).Write(Kernels.Take(packed, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(chosen)));
            }
        }
    }
}
