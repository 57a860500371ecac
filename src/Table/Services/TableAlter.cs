using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Evolution;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Changes a table's columns by a commit of no files, with the history of all versions beside it (org.apache.spark.sql.hudi.command.AlterTableCommand). The change is there with the
/// completed commit; what a run that died has left counts for nobody and is rolled back by the next write.
/// </summary>
internal sealed class TableAlter(LakehouseTable table)
{
    public async Task<AlterSchemaResult> RunAsync(IReadOnlyList<SchemaChange> changes, AlterSchemaOptions options, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        state.Config.RequireWritable();
        if (!options.DryRun)
        {
            var (timeline, rolledBack) = await new RollbackExecutor(state.Client, state.Config).RollBackFailedWritesAsync(state.Timeline, cancellationToken);
            state = rolledBack.Count == 0 ? state : state.With(timeline);
        }

        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        var before = schema.Evolution?.Current ?? InternalSchemaAvro.FromTable(schema);
        var after = changes.Aggregate(before, (columns, change) => change.Apply(columns, type => Parse(type, state.Config.TableName)));
        RequireKept(state.Config, before, after);
        var altered = TableSchema.FromAvro(InternalSchemaAvro.ToAvroJson(after, schema.Root.FullName ?? state.Config.TableName));
        if (options.DryRun || after.HasColumnsOf(before))
        {
            return Result(altered, null);
        }

        if (state.Config.Version >= 8)
        {
            await MetadataWriter.PrepareAsync(state.Client, null, null, cancellationToken);
        }

        var evolution = SchemaEvolution.Changed(schema.Evolution, before, after);
        var completed = await CommitAsync(state, altered.With(evolution).InPlaceOf(schema), cancellationToken);
        return Result(altered, completed);
    }

    private static AlterSchemaResult Result(TableSchema altered, Instant? completed) =>
        new() { Instant = completed?.RequestedTime, CompletionTime = completed?.CompletionTime, Schema = altered.Arrow, Ddl = altered.ToDdl() };

    private async Task<Instant> CommitAsync(TableState state, TableSchema altered, CancellationToken cancellationToken)
    {
        var action = state.Config.Type == TableType.MergeOnRead ? Actions.DeltaCommit : Actions.Commit;
        var metadata = new CommitMetadata { OperationType = WriteOperations.AlterSchema, ExtraMetadata = new Dictionary<string, string> { [CommitMetadata.SchemaKey] = altered.ToAvroJson(withMetaColumns: true) } };
        var requested = await state.Client.RequestAsync(state.Timeline, action, cancellationToken: cancellationToken);
        try
        {
            var inflight = await state.Client.StartCommitAsync(requested, metadata with { ExtraMetadata = new Dictionary<string, string>() }, cancellationToken);
            return await MetadataWriter.CompleteAsync(state.Client, inflight, metadata, new MetadataSource(altered, ParquetFormats.Of(table.Options.ParquetReader)), cancellationToken);
        }
        catch (Exception failure) when (failure is not LakehouseException { Kind: LakehouseErrorKind.OutcomeUnknown })
        {
            await FailedWrite.TakeBackAsync(state, requested, failure);
            throw;
        }
    }

    private static AvroType Parse(string type, string tableName) => TableSchema.FromDdl($"c {type}", tableName).Root.Fields[0].Type;

    // The table's properties name these columns, and the keys, paths and orders that are stored were made of them as they are.
    private static void RequireKept(TableConfig config, InternalSchema before, InternalSchema after)
    {
        foreach (var name in config.RecordKeyFields.Concat(config.PartitionFields.Select(f => f.Name)).Concat(config.OrderingFields))
        {
            var top = name.Split('.')[0];
            var old = before.Root.Fields.FirstOrDefault(f => f.Name == top);
            var now = after.Root.Fields.FirstOrDefault(f => f.Name == top);
            if (old is not null && (now is null || now.Id != old.Id || !SameType(before, after, name)))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"The column {name} is a key, partition or ordering column of the table and cannot be renamed, dropped or given another type", config.Root, remedy: "Rewrite the rows into a new table");
            }
        }
    }

    private static bool SameType(InternalSchema before, InternalSchema after, string name) =>
        SchemaEdit.Find(before.Root, name) is not InternalScalar old || (SchemaEdit.Find(after.Root, name) is InternalScalar now && now == old);
}
