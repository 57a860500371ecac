using DuckDB.NET.Data;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Small statements on the user's connection.</summary>
internal sealed class DuckSession(DuckDBConnection connection)
{
    public DuckDBConnection Connection => connection;

    public void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>The columns of a relation, with its types.</summary>
    public IReadOnlyList<DuckField> Describe(string relation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DESCRIBE SELECT * FROM " + relation;
        using var reader = command.ExecuteReader();
        var columns = new List<DuckField>();
        while (reader.Read())
        {
            columns.Add(new DuckField(reader.GetString(0), DuckTypeParser.Parse(reader.GetString(1))));
        }

        return columns;
    }
}
