using System.Runtime.InteropServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// A log that does not fit into memory, in parts by the hash of the key, so that each part can be merged alone (a Grace hash partitioning). Records are collected until they are worth
/// writing; each part has them in the order they came.
/// </summary>
internal sealed class LogParts : IDisposable
{
    private const int FanBits = 4;
    private const int Fan = 1 << FanBits;
    private readonly int depth;
    private readonly long memory;
    private readonly LogPart[] parts;
    private readonly KeyFilter filter;
    private readonly List<LogSource> pending = [];
    private long pendingBytes;

    /// <param name="depth">How many times these keys have been parted: another piece of the hash is taken each time.</param>
    /// <param name="memory">Bytes that may be collected.</param>
    /// <param name="folder">Where files go; null for the system's temporary folder.</param>
    public LogParts(int depth, long memory, string? folder)
    {
        this.depth = depth;
        this.memory = memory;
        parts = [.. Enumerable.Range(0, Fan).Select(_ => new LogPart(folder))];
        filter = new KeyFilter(memory / 4);
    }

    public IReadOnlyList<LogPart> All => parts;

    /// <summary>Owns the source from here on.</summary>
    public void Add(LogSource source)
    {
        pending.Add(source);
        pendingBytes += source.Bytes;
        if (pendingBytes > memory / 2)
        {
            Flush();
        }
    }

    /// <summary>Writes what was collected.</summary>
    public void Flush()
    {
        for (int from = 0; from < pending.Count;)
        {
            int to = from + 1;
            while (to < pending.Count && pending[to].Shape == pending[from].Shape)
            {
                to++;
            }

            Write(pending.GetRange(from, to - from));
            from = to;
        }

        pending.ForEach(s => s.Dispose());
        pending.Clear();
        pendingBytes = 0;
    }

    /// <summary>Puts base rows aside, those whose keys may be in the log; all records must have been flushed.</summary>
    public void AddBase(BaseRows rows)
    {
        var keys = rows.Keys!;
        var chosen = Split([keys], filter.MightContain);
        for (int part = 0; part < Fan; part++)
        {
            if (chosen[part].Rows is { Count: > 0 } some)
            {
                var take = CollectionsMarshal.AsSpan(some);
                var positions = new Int64Array.Builder().Reserve(some.Count);
                foreach (int row in some)
                {
                    positions.Append(rows.Position(row));
                }

                parts[part].AddBase((StringArray)Kernels.Take(keys, take), Kernels.Take(rows.Rows, take), positions.Build());
            }
        }
    }

    public void Dispose()
    {
        pending.ForEach(s => s.Dispose());
        foreach (var part in parts)
        {
            part.Dispose();
        }
    }

    // Sources of one schema.
    private void Write(List<LogSource> sources)
    {
        var chosen = Split(sources.ConvertAll(s => s.Keys), hash =>
        {
            filter.Add(hash);
            return true;
        });
        var batches = sources.ConvertAll(s => s.Rows);
        var keys = sources.ConvertAll<IArrowArray>(s => s.Keys);
        for (int part = 0; part < Fan; part++)
        {
            if (chosen[part].Rows.Count > 0)
            {
                var source = CollectionsMarshal.AsSpan(chosen[part].Sources);
                var row = CollectionsMarshal.AsSpan(chosen[part].Rows);
                parts[part].Add((StringArray)Kernels.Interleave(keys, source, row), Kernels.Interleave(batches, source, row), sources[0].Shape);
            }
        }
    }

    // The rows of each part, for all keys whose hash is wanted.
    private (List<int> Sources, List<int> Rows)[] Split(IReadOnlyList<StringArray> keys, Predicate<ulong> wanted)
    {
        var chosen = new (List<int> Sources, List<int> Rows)[Fan];
        for (int part = 0; part < Fan; part++)
        {
            chosen[part] = ([], []);
        }

        for (int s = 0; s < keys.Count; s++)
        {
            var hashes = new ulong[keys[s].Length];
            Kernels.HashRows([keys[s]], hashes);
            for (int row = 0; row < hashes.Length; row++)
            {
                if (wanted(hashes[row]))
                {
                    int part = (int)(hashes[row] >> (64 - FanBits - (depth * FanBits))) & (Fan - 1);
                    chosen[part].Sources.Add(s);
                    chosen[part].Rows.Add(row);
                }
            }
        }

        return chosen;
    }
}
