using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Gives each row its record key and partition path, as Hudi's key generators do (spec: "Record Key Generation"; org.apache.hudi.keygen).</summary>
internal interface IKeyGenerator
{
    /// <summary>Top-level columns that it reads, each once: what a reader must fetch to compute the keys of stored rows (virtual keys).</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// Keys and partition paths of all rows. A null or empty record key, a partition value that would leave its folder, a column that is not there:
    /// <see cref="LakehouseErrorKind.InvalidInput"/> naming column and row.
    /// </summary>
    /// <param name="data">Rows with at least <see cref="Columns"/>, of the table's types.</param>
    /// <param name="firstRow">How many rows of the input came before, for row numbers in errors, which count from 1.</param>
    GeneratedKeys Generate(RecordBatch data, long firstRow = 0);
}
