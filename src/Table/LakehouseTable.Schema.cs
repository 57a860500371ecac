using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>
    /// Changes the table's columns without touching a file: from here on columns have numbers, which tell them in older files (Hudi's schema-on-read evolution). Hudi's readers need
    /// <c>hoodie.schema.on.read.enable=true</c> to follow renames and drops.
    /// </summary>
    /// <param name="changes">The changes, one after the other; all are made by one commit, or none.</param>
    /// <param name="options">Whether only to tell; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work before the commit.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: a change that cannot be made: an unknown column, a type that cannot become another, a key, partition or ordering column.
    /// <see cref="LakehouseErrorKind.Conflict"/>: the columns were changed meanwhile.
    /// </exception>
    public Task<AlterSchemaResult> AlterSchemaAsync(IReadOnlyList<SchemaChange> changes, AlterSchemaOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(writing, () => new TableAlter(this).RunAsync(changes, options ?? new AlterSchemaOptions(), cancellationToken), cancellationToken);
}
