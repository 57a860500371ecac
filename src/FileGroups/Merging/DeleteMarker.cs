using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Which rows are deletes: those whose _hoodie_is_deleted is true, those whose _hoodie_operation is D or -U, and those whose delete field holds the delete marker
/// (hoodie.payload.delete.field and .marker, in version 9 under hoodie.record.merge.property.). org.apache.hudi.common.engine.RecordContext.
/// </summary>
internal sealed class DeleteMarker
{
    public const string IsDeleted = "_hoodie_is_deleted";
    public const string FieldProperty = "hoodie.payload.delete.field";
    public const string MarkerProperty = "hoodie.payload.delete.marker";

    private readonly string? field;
    private readonly byte[] marker;
    private readonly bool ignoreCase;

    /// <param name="config">The table.</param>
    /// <param name="known">What its payload class takes for a delete.</param>
    /// <param name="options">A writer's options.</param>
    public DeleteMarker(TableConfig config, DeleteMark? known, IReadOnlyDictionary<string, string>? options)
    {
        if (known is { } mark)
        {
            (field, marker, ignoreCase) = (mark.Field, Encoding.UTF8.GetBytes(mark.Marker), mark.IgnoreCase);
            return;
        }

        field = Property(config, options, FieldProperty);
        string? text = Property(config, options, MarkerProperty);
        if (field is null != text is null)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Of {FieldProperty} and {MarkerProperty} only one is set", config.Root, remedy: "Set both or neither");
        }

        marker = Encoding.UTF8.GetBytes(text ?? string.Empty);
    }

    /// <summary>The columns that mark deletes, of which a table may lack any.</summary>
    public IReadOnlyList<string> Columns => this.field is null ? [IsDeleted, MetaColumns.Operation] : [IsDeleted, MetaColumns.Operation, this.field];

    /// <summary>A flag for each row, or null where none is a delete.</summary>
    public bool[]? Find(RecordBatch rows)
    {
        bool[]? deletes = null;
        if (Column(rows, IsDeleted) is BooleanArray flags)
        {
            for (int row = 0; row < flags.Length; row++)
            {
                if (flags.GetValue(row) == true)
                {
                    (deletes ??= new bool[rows.Length])[row] = true;
                }
            }
        }

        if (Column(rows, MetaColumns.Operation) is StringArray operations)
        {
            Mark(operations, "D"u8, ref deletes);
            Mark(operations, "-U"u8, ref deletes);
        }

        if (field is null || Column(rows, field) is not { } column)
        {
            return deletes;
        }

        if (column is not StringArray texts)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The delete field '{field}' is of type {column.Data.DataType.Name}", remedy: "Use a string column");
        }

        Mark(texts, marker, ref deletes);
        if (ignoreCase)
        {
            Mark(texts, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(marker).ToUpperInvariant()), ref deletes);
            Mark(texts, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(marker).ToLowerInvariant()), ref deletes);
        }

        return deletes;
    }

    private static void Mark(StringArray texts, ReadOnlySpan<byte> marker, ref bool[]? deletes)
    {
        for (int row = 0; row < texts.Length; row++)
        {
            if (!texts.IsNull(row) && texts.GetBytes(row).SequenceEqual(marker))
            {
                (deletes ??= new bool[texts.Length])[row] = true;
            }
        }
    }

    private static IArrowArray? Column(RecordBatch rows, string name) => rows.Schema.GetFieldIndex(name) is var index and >= 0 ? rows.Column(index) : null;

    private static string? Property(TableConfig config, IReadOnlyDictionary<string, string>? options, string name) =>
        config.MergeProperties.GetValueOrDefault(name) ?? options?.GetValueOrDefault(name);
}
