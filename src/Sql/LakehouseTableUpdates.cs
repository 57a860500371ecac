using Apache.Arrow;
using OllaLab.Lakehouse.Sql;

namespace OllaLab.Lakehouse;

/// <summary>Changes of tables written in SQL.</summary>
public static class LakehouseTableUpdates
{
    /// <summary>
    /// Sets columns of the rows that a condition selects, in one commit: as <see cref="LakehouseTable.UpdateAsync(Predicate?, IReadOnlyDictionary{string, Assignment}, WriteOptions?, CancellationToken)"/>, with
    /// expressions of DuckDB over the columns of the row, each cast to the type of the column that it sets.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="set">As in UPDATE: <c>a = b + 1, c = upper(c)</c>.</param>
    /// <param name="where">Which rows; null: all. In the form of <see cref="Predicate.Parse"/>.</param>
    /// <param name="options">As for other writes; null: the table handle's own.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: what is not understood, a column that cannot be set, or an expression that fails for a row.</exception>
    public static async Task<WriteResult> UpdateAsync(this LakehouseTable table, string set, string? where, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrEmpty(set);
        var expressions = SetClause.Parse(set);
        var schema = (await (await table.RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Arrow;
        using var compute = new RowExpressions(schema, expressions);
        return await table.UpdateAsync(where is null ? null : Predicate.Parse(where), [.. expressions.Keys], rows => compute.ComputeAsync(rows, cancellationToken), options, cancellationToken);
    }
}
