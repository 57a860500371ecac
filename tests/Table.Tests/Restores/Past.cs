using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Restores;

/// <summary>What random histories share: how they are drawn, a table in memory, and in plain text what it held after each instant.</summary>
internal abstract class Past(int version, TableType type)
{
    protected int Version => version;

    protected TableType Type => type;

    protected IObjectStore Store { get; } = new MemoryObjectStore("past");

    /// <summary>What the table held after each instant that is still there, the latest last.</summary>
    protected List<(string Instant, string Rows)> Instants { get; } = [];

    protected SortedDictionary<string, string> Rows { get; } = new(StringComparer.Ordinal);

    protected string Now => string.Join('\n', Rows.Values);

    /// <summary>Tables of any version and type, with steps by their weights.</summary>
    public static Arbitrary<(int Version, TableType Type, (TAct Act, int Seed)[] Steps)> Histories<TAct>(int most, params (int Weight, TAct Act)[] acts) => Arb.From(
        from version in Gen.Elements(6, 8, 9)
        from type in Gen.Elements(TableType.CopyOnWrite, TableType.MergeOnRead)
        from steps in Gen.ListOf(
            from act in Gen.Frequency([.. acts.Select(a => (a.Weight, Gen.Constant(a.Act)))])
            from seed in Gen.Choose(0, 1_000_000)
            select (act, seed))
        select (version, type, steps.Take(most).ToArray()));

    protected Task<LakehouseTable> CreateAsync() => LakehouseTable.CreateAsync(
        Store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version }, TestTable.Resources);

    protected async Task WriteAsync(LakehouseTable table, WriteOperation operation, IEnumerable<Row> changes, WriteOptions options)
    {
        Row[] input = [.. changes];
        Committed((await table.WriteAsync(operation, Row.ToBatches(input, 4).ToAsyncEnumerable(), options)).Instant, () =>
        {
            if (operation == WriteOperation.InsertOverwriteTable)
            {
                Rows.Clear();
            }

            foreach (var part in operation == WriteOperation.InsertOverwrite ? input.Select(r => r.Part).Distinct() : [])
            {
                Remove(part);
            }

            foreach (var row in input)
            {
                if (operation == WriteOperation.Delete)
                {
                    Rows.Remove(row.Id);
                }
                else
                {
                    Rows[row.Id] = $"{row.Id} {row.Part} {row.Ts} {row.Text}";
                }
            }
        });
    }

    protected void Committed(string? instant, Action change)
    {
        if (instant is not null)
        {
            change();
            Instants.Add((instant, Now));
        }
    }

    protected void Remove(string part)
    {
        foreach (var id in Rows.Where(r => r.Value.Contains($" {part} ", StringComparison.Ordinal)).Select(r => r.Key).ToList())
        {
            Rows.Remove(id);
        }
    }

    protected void Become(string text)
    {
        Rows.Clear();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Rows[line[..4]] = line;
        }
    }
}
