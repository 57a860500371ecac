namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>What an item works with.</summary>
internal sealed record ItemContext(BenchOptions Options, Scratch Scratch, WorkFolder Work)
{
    public int Rows => Options.Rows;

    public int Threads => Options.Threads;
}
