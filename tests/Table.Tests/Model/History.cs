using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>What is compacted or clustered after a write.</summary>
internal enum Compacts
{
    Nothing,
    Table,
    Logs,
    Clusters,
}

/// <summary>One write of a history, and what is compacted or clustered after it.</summary>
internal sealed record Step(WriteOperation Operation, IReadOnlyList<Row> Rows, int BatchRows, bool Combine, BulkInsertSort Sort, IndexType Index, Compacts Then)
{
    public override string ToString() => $"{Operation}{(Combine ? " combining" : "")} {Sort} {Index} by {BatchRows}: {string.Join(" ", Rows.Select(r => $"{r.Part}/{r.Id}@{r.Ts}{(r.IsDelete ? "x" : "")}={r.Text},{r.Number}"))}{(Then == Compacts.Nothing ? "" : "; compaction of " + Then)}";
}

/// <summary>A table and the writes to it.</summary>
internal sealed record History(int Version, bool MergeOnRead, bool Partitioned, bool EventTime, bool Partial, bool HiveStyle, int RowGroupRows, long MaxFileSize, long SmallFileLimit, long? Memory, int Threads, IReadOnlyList<Step> Steps)
{
    public override string ToString() =>
        $"v{Version} mergeOnRead={MergeOnRead} partitioned={Partitioned} eventTime={EventTime} partial={Partial} rowGroup={RowGroupRows} max={MaxFileSize} small={SmallFileLimit} memory={Memory} threads={Threads}\n  {string.Join("\n  ", Steps)}";

    public static Arbitrary<History> Any(params long?[] memory) => Arb.From(
        from version in Gen.Elements(6, 8, 9)
        from mergeOnRead in Gen.Elements(true, false)
        from partitioned in Gen.Elements(true, false)
        from eventTime in Gen.Elements(true, false)
        from partial in version == 9 ? Gen.Elements(true, false) : Gen.Constant(false)
        from hive in Gen.Elements(true, false)
        from rowGroup in Gen.Elements(3, 7, 20, 1000)
        from max in Gen.Elements(6_000L, 12_000L, 100_000L, 400_000L)
        from small in mergeOnRead ? Gen.Constant(0L) : Gen.Elements(0L, 8_000L, 100_000_000L)
        from threads in Gen.Choose(1, 3)
        from memoryBudget in Gen.Elements(memory.Length == 0 ? [null] : memory)
        from keys in Gen.Elements(4, 30, 120)
        from steps in AnySteps(partitioned, mergeOnRead, keys)
        select new History(version, mergeOnRead, partitioned, eventTime, partial, hive, rowGroup, max, small, memoryBudget, threads, steps),
        Smaller);

    private static Gen<IReadOnlyList<Step>> AnySteps(bool partitioned, bool mergeOnRead, int keys) =>
        from count in Gen.Choose(1, 5)
        from steps in Gen.ListOf(AnyStep(partitioned, mergeOnRead, keys), count)
        select (IReadOnlyList<Step>)[.. steps];

    // A log record is merged with one row of its key in a base file, as in Hudi: no file may hold two.
    private static Gen<Step> AnyStep(bool partitioned, bool mergeOnRead, int keys) =>
        from operation in Gen.Elements(WriteOperation.Upsert, WriteOperation.Upsert, WriteOperation.Upsert, WriteOperation.Insert, WriteOperation.Insert, WriteOperation.Delete, WriteOperation.BulkInsert, WriteOperation.InsertOverwrite, WriteOperation.InsertOverwriteTable)
        from count in Gen.Frequency((1, Gen.Choose(0, 3)), (4, Gen.Choose(1, 60)))
        from rows in Gen.ListOf(AnyRow(partitioned, keys), count)
        from batchRows in Gen.Elements(1, 4, 1000)
        from combine in mergeOnRead ? Gen.Constant(true) : Gen.Elements(true, false)
        from sort in Gen.Elements(BulkInsertSort.None, BulkInsertSort.Global)
        from index in Gen.Elements(IndexType.Simple, IndexType.Bloom)
        from then in mergeOnRead ? Gen.Elements(Compacts.Nothing, Compacts.Nothing, Compacts.Table, Compacts.Logs, Compacts.Clusters) : Gen.Elements(Compacts.Nothing, Compacts.Nothing, Compacts.Clusters)
        select new Step(operation, [.. rows], batchRows, combine, sort, index, then);

    private static Gen<Row> AnyRow(bool partitioned, int keys) =>
        from id in Gen.Choose(1, keys)
        from part in Gen.Elements("a", "b", "c")
        from ts in Gen.Choose(0, 4)
        from text in Gen.Choose(0, 5)
        from number in Gen.Choose(-1, 1000)
        from deleted in Gen.Frequency((8, Gen.Constant((bool?)null)), (1, Gen.Constant((bool?)false)), (1, Gen.Constant((bool?)true)))
        select new Row($"k{id:000}", partitioned ? part : "a", ts, text == 0 ? null : new string((char)('a' + text), text * 3), number < 0 ? null : number, deleted);

    private static IEnumerable<History> Smaller(History history)
    {
        for (var i = 0; i < history.Steps.Count; i++)
        {
            var rest = history.Steps.ToList();
            rest.RemoveAt(i);
            if (rest.Count > 0)
            {
                yield return history with { Steps = rest };
            }
        }

        for (var i = 0; i < history.Steps.Count; i++)
        {
            var rows = history.Steps[i].Rows;
            for (var part = rows.Count / 2; part > 0; part /= 2)
            {
                for (var at = 0; at < rows.Count; at += part)
                {
                    var fewer = rows.Take(at).Concat(rows.Skip(at + part)).ToList();
                    yield return history with { Steps = [.. history.Steps.Select((s, j) => j == i ? s with { Rows = fewer } : s)] };
                }
            }
        }
    }
}
