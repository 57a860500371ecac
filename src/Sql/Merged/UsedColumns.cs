using System.Text.Json;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// Which columns of registered tables a statement uses, so that logs are merged for those alone. DuckDB tells: planned with the one rule on that removes unused columns, the shapes that the
/// names stand for keep the columns that are used, under the names that <see cref="SnapshotSql.Shape"/> gave them.
/// </summary>
internal static class UsedColumns
{
    private const string Setting = "disabled_optimizers";

    /// <returns>For the number of each table its columns that are used; null where DuckDB gives no plan: any may be.</returns>
    public static ILookup<int, string>? Find(DuckSession session, string sql)
    {
        var before = session.Scalar($"SELECT current_setting('{Setting}')") as string ?? string.Empty;
        try
        {
            session.Execute($"SET {Setting} = {SqlText.Text(session.Scalar("SELECT string_agg(name, ',') FROM duckdb_optimizers() WHERE name <> 'unused_columns'") as string ?? string.Empty)}");
            if (session.Scalar($"SELECT json_serialize_plan({SqlText.Text(sql)}, optimize := true)") is not string json)
            {
                return null;
            }

            using var plan = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 10_000 });
            return plan.RootElement.Is("error", false) && plan.RootElement.Items("plans") is [var only] ? Aliases(only).Distinct().ToLookup(a => a.Table, a => a.Column) : null;
        }
        catch (Exception e) when (e is DuckDBException or JsonException)
        {
            return null;
        }
        finally
        {
            session.Execute($"SET {Setting} = {SqlText.Text(before)}");
        }
    }

    private static IEnumerable<(int Table, string Column)> Aliases(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (SnapshotSql.ColumnOf(element.Text("alias")) is { } found)
                {
                    yield return found;
                }

                foreach (var inner in element.EnumerateObject().SelectMany(p => Aliases(p.Value)))
                {
                    yield return inner;
                }

                break;
            case JsonValueKind.Array:
                foreach (var inner in element.EnumerateArray().SelectMany(Aliases))
                {
                    yield return inner;
                }

                break;
        }
    }
}
