using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Writing.Merging;

/// <summary>
/// The rows that a merge upserts and deletes, worked out of the source and of the latest snapshot while no other write of this process goes on (MergeIntoHoodieTableCommand, whose ON is the table's key here).
/// The source is staged within the memory option, and the table is read once for each part of it.
/// </summary>
internal sealed class MergedRows(LakehouseTable table, IAsyncEnumerable<RecordBatch> source, IReadOnlyList<MergeClause> clauses, WriteOptions options)
{
    public async IAsyncEnumerable<RecordBatch> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);

        // Of a delete, because its input are keys.
        var plan = await WritePlan.CreateAsync(state, schema, WriteOperation.Delete, options, table.Options, cancellationToken);
        var output = new MergeOutput(state.Config, schema.Arrow, plan.Keys.Columns);
        foreach (var clause in clauses)
        {
            output.Check(clause);
        }

        using var staged = new StagedRows(plan.RoutingMemory / 2, table.Options.SpillFolder, plan.Index.IsGlobal);
        await foreach (var batch in StageAsync(plan, cancellationToken))
        {
            staged.Add(batch);
        }

        foreach (var rows in staged.Units())
        {
            var unit = new MergeUnit(rows, plan.Index);
            await foreach (var stored in ReadAsync(plan, unit, schema, state.Config.RecordKeyFields, cancellationToken))
            {
                var generated = plan.Keys.Generate(stored);
                var codes = generated.PartitionPaths.Select(plan.Partitions.Ordinal).ToArray();
                var (at, of) = unit.Match(generated.RecordKeys, [.. generated.PartitionCodes.Take(stored.Length).Select(c => codes[c])]);
                foreach (var made in at.Length == 0 ? [] : Apply(MergeOutput.Join(Kernels.Take(stored, at), Kernels.Take(unit.Rows, of)), output, matched: true))
                {
                    yield return made;
                }
            }

            var others = unit.NotMatched;
            foreach (var made in others.Length == 0 ? [] : Apply(MergeOutput.Join(null, Kernels.Take(unit.Rows, others)), output, matched: false))
            {
                yield return made;
            }
        }
    }

    private IEnumerable<RecordBatch> Apply(RecordBatch joined, MergeOutput output, bool matched)
    {
        foreach (var clause in clauses.Where(c => c.Action != MergeAction.Insert == matched))
        {
            var chosen = clause.Choose(joined);
            if (chosen.Length > 0)
            {
                yield return output.Make(clause, Kernels.Take(joined, chosen));
            }

            if (chosen.Length == joined.Length)
            {
                yield break;
            }

            var taken = chosen.ToHashSet();
            joined = Kernels.Take(joined, [.. Enumerable.Range(0, joined.Length).Where(i => !taken.Contains(i))]);
        }
    }

    private async IAsyncEnumerable<StagedBatch> StageAsync(WritePlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Schema? first = null;
        var rows = 0L;
        await foreach (var batch in source.WithCancellation(cancellationToken))
        {
            if (batch.Length == 0)
            {
                continue;
            }

            first ??= batch.Schema;
            if (!first.FieldsList.Select(f => (f.Name, f.DataType.TypeId)).SequenceEqual(batch.Schema.FieldsList.Select(f => (f.Name, f.DataType.TypeId))))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The source's batches differ in their columns, from row {rows + 1} on", remedy: "Give batches of the same columns and types");
            }

            var keys = plan.KeyColumns(batch);
            var generated = plan.Keys.Generate(InputCast.Create(keys.Schema, plan.Input).Apply(keys, rows), rows);
            var codes = generated.PartitionPaths.Select(plan.Partitions.Ordinal).ToArray();
            rows += batch.Length;
            yield return new StagedBatch(batch, generated.RecordKeys, [.. generated.PartitionCodes.Take(batch.Length).Select(c => codes[c])], []);
        }
    }

    private IAsyncEnumerable<RecordBatch> ReadAsync(WritePlan plan, MergeUnit unit, TableSchema schema, IEnumerable<string> keyFields, CancellationToken cancellationToken)
    {
        var keysOnly = clauses.All(c => c.Action == MergeAction.Insert);
        return table.ReadAsync(
            new ReadOptions
            {
                Columns = [.. schema.Arrow.FieldsList.Select(f => f.Name).Where(n => !keysOnly || plan.Keys.Columns.Contains(n))],
                Where = MergeCondition.Of(unit.Rows, schema.Arrow, keyFields),
            },
            cancellationToken);
    }
}
