using System.Collections.Concurrent;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>A row that a write brings: which write it was is its value.</summary>
internal sealed record Row(string Id, string Part, string Write)
{
    public static readonly Schema Schema = new([new("id", StringType.Default, false), new("part", StringType.Default, false), new("w", StringType.Default, false)], null);

    public static RecordBatch ToBatch(IReadOnlyList<Row> rows) => new(
        Schema,
        [new StringArray.Builder().AppendRange(rows.Select(r => r.Id)).Build(), new StringArray.Builder().AppendRange(rows.Select(r => r.Part)).Build(), new StringArray.Builder().AppendRange(rows.Select(r => r.Write)).Build()],
        rows.Count);
}

/// <summary>A write as its writer knows it.</summary>
/// <param name="Name">Unique; the commit's metadata bears it.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Deletes">Whether they were deleted rather than written.</param>
/// <param name="Began">The step at which it began.</param>
internal sealed record Write(string Name, IReadOnlyList<Row> Rows, bool Deletes, int Began)
{
    /// <summary>The step at which its success was told; null: it was not.</summary>
    public int? Acknowledged { get; set; }

    public string? Instant { get; set; }
}

/// <summary>What was read at an instant, to be read again.</summary>
internal sealed record Snapshot(string Instant, string Rows);

/// <summary>All that the processes know of what they did.</summary>
internal sealed class History
{
    public ConcurrentDictionary<string, Write> Writes { get; } = new();

    /// <summary>The last steps, once it is over.</summary>
    public string Steps { get; set; } = string.Empty;

    public ConcurrentBag<Snapshot> Snapshots { get; } = [];

    /// <summary>How often each service did something.</summary>
    public ConcurrentDictionary<string, int> Services { get; } = new();

    /// <summary>Savepoints that were told to be there, with the table as of them; one that somebody began to delete is none.</summary>
    public ConcurrentDictionary<string, string> Savepoints { get; } = new();
}
