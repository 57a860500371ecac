using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Rows as C# objects and as Arrow batches. The mapping is compiled once per type and schema in use.</summary>
internal static class RowBatches
{
    /// <summary>Rows of a batch unless said otherwise.</summary>
    public const int DefaultBatchRows = 16_384;

    /// <summary>The columns that a type's properties ask for, as a schema to create a table with.</summary>
    public static Schema InferSchema<T>() => RecordSchema.Infer<T>();

    /// <summary>The columns of a schema that a type has properties for, in the schema's order: what reading it needs.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: a property has no column.</exception>
    public static IReadOnlyList<string> ColumnsOf<T>(Schema schema)
    {
        var shape = RecordShape.Of(typeof(T));
        return [.. shape.Properties.Select(p => shape.Find(p, schema.FieldsList)).Distinct().Order().Select(i => schema.GetFieldByIndex(i).Name)];
    }

    /// <summary>Objects to batches of a schema. A column without a property is null; the caller disposes each batch.</summary>
    public static async IAsyncEnumerable<RecordBatch> FromObjectsAsync<T>(
        IAsyncEnumerable<T> rows, Schema schema, int batchRows = DefaultBatchRows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var builders = ColumnBuilders.Create(schema);
        var append = RecordAppender.Create<T>(schema.FieldsList, builders, null);
        long row = 0;
        var count = 0;
        await foreach (var item in rows.WithCancellation(cancellationToken))
        {
            Append(append, item, row++);
            if (++count == batchRows)
            {
                yield return Take(schema, builders, count);
                count = 0;
            }
        }

        if (count > 0)
        {
            yield return Take(schema, builders, count);
        }
    }

    /// <inheritdoc cref="FromObjectsAsync{T}(IAsyncEnumerable{T}, Schema, int, CancellationToken)"/>
    public static IEnumerable<RecordBatch> FromObjects<T>(IEnumerable<T> rows, Schema schema, int batchRows = DefaultBatchRows)
    {
        var builders = ColumnBuilders.Create(schema);
        var append = RecordAppender.Create<T>(schema.FieldsList, builders, null);
        long row = 0;
        var count = 0;
        foreach (var item in rows)
        {
            Append(append, item, row++);
            if (++count == batchRows)
            {
                yield return Take(schema, builders, count);
                count = 0;
            }
        }

        if (count > 0)
        {
            yield return Take(schema, builders, count);
        }
    }

    /// <summary>Batches to objects. Each batch is disposed once its rows were given.</summary>
    public static async IAsyncEnumerable<T> ToObjectsAsync<T>(IAsyncEnumerable<RecordBatch> batches, Schema schema, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = RecordReader<T>.Create(schema.FieldsList);
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            using (batch)
            {
                reader.Bind(batch);
                for (int i = 0; i < batch.Length; i++)
                {
                    yield return reader.Read(i);
                }
            }
        }
    }

    internal static RecordBatch Take(Schema schema, ColumnBuilder[] builders, int rows) => new(schema, builders.Select(b => b.Build()), rows);

    private static void Append<T>(Action<T> append, T item, long row)
    {
        if (item is null)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Row {row} is null", remedy: "Leave it out");
        }

        try
        {
            append(item);
        }
        catch (LakehouseException e)
        {
            throw new LakehouseException(e.Kind, $"Row {row}, {e.Problem}", e.Table, e.Path, e.Instant, e.Remedy, e);
        }
    }
}
