using System.Text.Json;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// Asks DuckDB for the plan of a statement, not optimised, in the user's own connection: names, casts, settings and variables are those of the statement itself. Conditions are taken from
/// there and not from the optimised plan, which also follows from statistics of what the names stand for at the moment, and they stand for no rows.
/// </summary>
internal static class StatementPlanner
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 10_000 };

    /// <returns>The scans by table; null where DuckDB gives no plan (statements that read nothing, parameters without a type, errors, which the statement itself will raise).</returns>
    public static IReadOnlyList<(int Table, IReadOnlyList<PlanCondition> Conditions)>? Plan(DuckSession session, string sql)
    {
        try
        {
            if (session.Scalar($"SELECT json_serialize_plan({SqlText.Text(sql)}, optimize := false)") is not string json)
            {
                return null;
            }

            var plan = JsonDocument.Parse(json, Deep).RootElement;

            // Of several statements the later ones run when the first one's rows are read, and the files are set back by then.
            return plan.Is("error", false) && plan.Items("plans") is [var only] ? ScanFinder.Find(only) : null;
        }
        catch (Exception e) when (e is DuckDBException or JsonException)
        {
            // Without the JSON extension, or in a transaction that has failed.
            return null;
        }
    }
}
