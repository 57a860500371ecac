using System.Collections.Concurrent;
using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Logs;

/// <summary>The schema that a block's records were written with, meta columns included. Blocks share what was worked out from it, since most have the same one.</summary>
internal sealed class BlockSchema(string json)
{
    private readonly Lazy<TableSchema> _table = new(() => TableSchema.FromAvro(json));
    private readonly ConcurrentBag<RowPlan> _idle = [];

    public AvroType Root { get; } = AvroTypeParser.Parse(AvroTypeParser.Json(json));

    /// <summary>The data columns.</summary>
    public TableSchema Table => _table.Value;

    /// <summary>A plan for reading the columns wanted, for the caller alone until it is given back with <see cref="Return"/>.</summary>
    public RowPlan Rent(TableSchema table, Schema wanted, string? keyField, string? instant) =>
        _idle.TryTake(out var plan) && plan.Serves(table, wanted, keyField, instant) ? plan : new RowPlan(Root, table, wanted, keyField, instant);

    /// <summary>Gives a plan back whose rows were read to the end.</summary>
    public void Return(RowPlan plan) => _idle.Add(plan);
}
