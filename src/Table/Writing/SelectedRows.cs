using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The input of a write that is made of stored rows: those of the latest snapshot that a condition selects, read when the write asks for them, while no other write of this process goes on. Hudi's DELETE and
/// UPDATE are such writes (DeleteHoodieTableCommand, UpdateHoodieTableCommand): a delete, and an upsert, by key.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="where">Which rows; null: all.</param>
/// <param name="options">The write's.</param>
internal sealed class SelectedRows(LakehouseTable table, Predicate? where, WriteOptions options)
{
    /// <summary>The columns that make key and partition, of the rows that are to go.</summary>
    public async IAsyncEnumerable<RecordBatch> KeysAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (state, keys) = await KeyColumnsAsync(cancellationToken);
        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = [.. schema.Arrow.FieldsList.Select(f => f.Name).Where(keys.Contains)], Where = where }, cancellationToken))
        {
            yield return batch;
        }
    }

    /// <summary>The rows with some columns set.</summary>
    /// <param name="columns">Which: neither those of key and partition, nor those that order rows, by which the change might lose against what is stored.</param>
    /// <param name="compute">Their values for a batch of all data columns.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<RecordBatch> UpdatedAsync(
        IReadOnlyCollection<string> columns, Func<RecordBatch, ValueTask<IReadOnlyDictionary<string, IArrowArray>>> compute, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (state, keys) = await KeyColumnsAsync(cancellationToken);
        var schema = (await state.GetSchemaAsync(cancellationToken: cancellationToken)).Arrow;
        foreach (var column in columns)
        {
            Check(state.Config, schema, keys, column);
        }

        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = [.. schema.FieldsList.Select(f => f.Name)], Where = where }, cancellationToken))
        {
            var made = await compute(batch);
            yield return new RecordBatch(
                new Schema([.. batch.Schema.FieldsList.Select(f => made.TryGetValue(f.Name, out var set) ? new Field(f.Name, set.Data.DataType, true) : f)], null),
                [.. batch.Schema.FieldsList.Select((f, i) => made.GetValueOrDefault(f.Name) ?? batch.Column(i))],
                batch.Length);
        }
    }

    private static void Check(TableConfig config, Schema schema, IReadOnlyCollection<string> keys, string column)
    {
        var (problem, remedy) = schema.GetFieldIndex(column) < 0 ? ("is not one of the table's", "List the columns with 'schema'")
            : config.RecordKeyFields.Contains(column) || keys.Contains(column) ? ("makes the row's key or partition and cannot be set", "Delete the rows and insert them anew")
            : config.OrderingFields.Contains(column) && config.MergeMode != MergeMode.CommitTime ? ("orders the versions of a row and cannot be set: the change might lose against what is stored", "Upsert the rows")
            : (null, null);
        if (problem is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column '{column}' {problem}", config.Root, remedy: remedy);
        }
    }

    private async ValueTask<(TableState State, IReadOnlyCollection<string> Columns)> KeyColumnsAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (state.Config.RecordKeyFields.Length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "The table has no key columns, so that single rows cannot be changed", state.Config.Root, remedy: "Overwrite the partitions, or create the table with key columns");
        }

        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        return (state, KeyGeneratorFactory.Create(state.Config, schema, options.Properties, new AutoKeys(string.Empty, 0)).Columns);
    }
}
