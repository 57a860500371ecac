using System.Data.Common;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Rows;

/// <summary>A <see cref="DbDataReader"/>'s rows as Arrow batches, through its typed getters.</summary>
internal static class DataReaderBatches
{
    /// <summary>A schema for a new table that holds the reader's columns.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: a column without a name, two of one name, or a type that tables do not have.</exception>
    public static Schema InferSchema(DbDataReader reader)
    {
        var declared = reader.CanGetColumnSchema() ? reader.GetColumnSchema() : null;
        var fields = new List<Field>();
        for (int i = 0; i < reader.FieldCount; i++)
        {
            var name = reader.GetName(i);
            if (string.IsNullOrEmpty(name) || fields.Any(f => f.Name == name))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, name.Length == 0 ? $"Column {i} of the data reader has no name" : $"The data reader has the column \"{name}\" twice", remedy: "Name the columns in the query with AS");
            }

            var column = declared is not null && i < declared.Count ? declared[i] : null;
            fields.Add(new Field(name, TypeOf(reader.GetFieldType(i), column, name), column?.AllowDBNull ?? true));
        }

        return new Schema(fields, null);
    }

    /// <summary>Reads all rows of the current result. Columns are matched by name, in any case; a column of the schema that the reader lacks is null. The caller disposes each batch, and the reader.</summary>
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        DbDataReader reader, Schema schema, int batchRows = RowBatches.DefaultBatchRows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var builders = ColumnBuilders.Create(schema);
        var columns = Match(reader, schema, builders);
        long row = 0;
        var count = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            Append(columns, reader, row++);
            if (++count == batchRows)
            {
                yield return RowBatches.Take(schema, builders, count);
                count = 0;
            }
        }

        if (count > 0)
        {
            yield return RowBatches.Take(schema, builders, count);
        }
    }

    private static void Append(DataReaderColumn[] columns, DbDataReader reader, long row)
    {
        try
        {
            foreach (var column in columns)
            {
                column.Append(reader);
            }
        }
        catch (LakehouseException e)
        {
            throw new LakehouseException(e.Kind, $"Row {row}, {e.Problem}", e.Table, e.Path, e.Instant, e.Remedy, e);
        }
    }

    private static DataReaderColumn[] Match(DbDataReader reader, Schema schema, ColumnBuilder[] builders)
    {
        var ordinals = new int[schema.FieldsList.Count];
        ordinals.AsSpan().Fill(-1);
        for (int i = 0; i < reader.FieldCount; i++)
        {
            var index = schema.FieldsList.ToList().FindIndex(f => f.Name == reader.GetName(i));
            index = index >= 0 ? index : schema.FieldsList.ToList().FindIndex(f => string.Equals(f.Name, reader.GetName(i), StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The data reader's column \"{reader.GetName(i)}\" is not a column of the table", remedy: "Leave it out of the query, or name it with AS");
            }

            if (ordinals[index] >= 0)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The data reader has the column \"{schema.GetFieldByIndex(index).Name}\" twice", remedy: "Leave one of the two out of the query");
            }

            ordinals[index] = i;
        }

        return [.. schema.FieldsList.Select((field, i) => ordinals[i] < 0 ? Missing(field, builders[i])
            : (DataReaderColumn)Calls.Generic(typeof(DataReaderBatches), nameof(Column), reader.GetFieldType(ordinals[i]), field, builders[i], ordinals[i]))];
    }

    private static DataReaderColumn Column<T>(Field field, ColumnBuilder builder, int ordinal) =>
        new DataReaderColumn<T>(field, builder, ordinal, Appenders.Create<T>(field, builder, $"column \"{field.Name}\""));

    private static DataReaderColumn Missing(Field field, ColumnBuilder builder) => field.IsNullable
        ? new MissingDataReaderColumn(builder)
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The data reader lacks the column \"{field.Name}\", which must have a value", remedy: "Add it to the query");

    private static IArrowType TypeOf(Type type, DbColumn? column, string name)
    {
        if (type == typeof(decimal) && column is { NumericPrecision: int precision and > 0 and <= 38, NumericScale: int scale and >= 0 } && scale <= precision)
        {
            return new Decimal128Type(precision, scale);
        }

        if (RecordSchema.Scalar(type) is { } scalar)
        {
            return scalar;
        }

        return Sequences.Element(type) is { } element
            ? new ListType(new Field("element", TypeOf(Nullable.GetUnderlyingType(element) ?? element, null, name), true))
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The data reader's column \"{name}\" is of type {RowErrors.Describe(type)}, which tables do not have", remedy: "Convert it in the query");
    }
}
