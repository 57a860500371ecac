using Apache.Arrow;
using Apache.Arrow.Types;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Expressions of DuckDB over the rows of batches, in a database of their own.</summary>
internal sealed class RowExpressions : IDisposable
{
    private const string Number = "lakehouse:row";
    private const string Given = "temp.given";
    private readonly DuckDBConnection connection = new("DataSource=:memory:");
    private readonly DuckSession session;
    private readonly Schema columns;
    private readonly IReadOnlyDictionary<string, string> expressions;

    /// <param name="columns">The rows' columns.</param>
    /// <param name="expressions">Names with their expressions; a column's is cast to the column's type.</param>
    public RowExpressions(Schema columns, IReadOnlyDictionary<string, string> expressions)
    {
        this.columns = columns;
        this.expressions = expressions;
        connection.Open();
        session = new DuckSession(connection);
        session.Execute("SET TimeZone = 'UTC'");
    }

    public void Dispose() => connection.Dispose();

    /// <summary>What the expressions are for each row of a batch, which stays the caller's.</summary>
    /// <exception cref="LakehouseException">InvalidInput: an expression is wrong, or fails for a row.</exception>
    public async ValueTask<IReadOnlyDictionary<string, IArrowArray>> ComputeAsync(RecordBatch rows, CancellationToken cancellationToken)
    {
        // Columns that no expression can mean are left out: DuckDB need not know their types.
        var used = columns.FieldsList.Where(f => expressions.Values.Any(e => e.Contains(f.Name, StringComparison.OrdinalIgnoreCase))).ToList();
        var schema = new Schema([new Field(Number, Int32Type.Default, false), .. used], null);
        IArrowArray[] arrays = [new Int32Array.Builder().AppendRange(Enumerable.Range(0, rows.Length)).Build(), .. used.Select(f => ArrowArrayFactory.BuildArray(rows.Column(f.Name).Data.Retain()))];
        try
        {
            await ArrowInput.CreateTableAsync(session, Given, "lakehouse:arrow", schema, found => Select(used, found), new[] { new RecordBatch(schema, arrays, rows.Length) }.ToAsyncEnumerable(), cancellationToken);
            using var command = connection.CreateCommand();

            // Under other names, so that an expression means a column and not another expression.
            command.CommandText = $"SELECT {string.Join(", ", expressions.Select(e => $"{Typed(e.Key, e.Value)} AS {SqlText.Identifier(e.Key + "=")}"))} FROM {Given} ORDER BY {SqlText.Identifier(Number)}";
            using var stream = command.ExecuteArrowStream();
            var parts = new List<RecordBatch>();
            while (await stream.ReadNextRecordBatchAsync(cancellationToken) is { } part)
            {
                parts.Add(part);
            }

            return expressions.Keys.Select((name, i) => (Name: name, Values: Kernels.Concat([.. parts.Select(p => p.Column(i))]))).ToDictionary(p => p.Name, p => p.Values);
        }
        catch (DuckDBException e)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "An expression is wrong, or fails for a row: " + e.Message, remedy: "Expressions are DuckDB's, over the columns of the table", inner: e);
        }
    }

    // The columns in the types that a table's columns have in SQL.
    private static string Select(List<Field> used, IReadOnlyList<DuckField> found) => string.Join(
        ", ",
        used.Zip(found.Skip(1), (f, c) => $"{ColumnExpression.Convert(SqlText.Identifier(f.Name), c.Type, ArrowToDuck.Convert(f.DataType, f.Name), null, f.Name, "the rows")} AS {SqlText.Identifier(f.Name)}")
            .Prepend(SqlText.Identifier(Number)));

    private string Typed(string name, string expression) => columns.GetFieldIndex(name) is >= 0 and var at
        ? $"CAST(({expression}) AS {ArrowToDuck.Convert(columns.FieldsList[at].DataType, name)})"
        : $"({expression})";
}
