namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Where the data of all items lies, made once.</summary>
internal sealed class Scratch(BenchOptions options)
{
    public string Folder { get; } = Path.Combine(options.Scratch, $"{options.Rows}");

    /// <summary>Arrow files.</summary>
    public string Arrow(string name) => Path.Combine(Folder, "arrow", name);

    /// <summary>The loaded table that upserts, deletes, reads and tagging work on.</summary>
    public string Table => Path.Combine(Folder, "table");

    /// <summary>The same rows in a merge-on-read table, a tenth of them changed in logs.</summary>
    public string Logged => Path.Combine(Folder, "logged");

    /// <summary>The same rows as one Parquet file that DuckDB wrote.</summary>
    public string Parquet => Path.Combine(Folder, "trips.parquet");

    /// <summary>The same rows, and those of the changes, as DuckDB's own tables.</summary>
    public string Database => Path.Combine(Folder, "trips.duckdb");

    /// <summary>The same rows in a table with a record index.</summary>
    public string Indexed => Path.Combine(Folder, "indexed");

    /// <summary>The same rows in a table of buckets.</summary>
    public string Bucketed => Path.Combine(Folder, "bucketed");

    /// <summary>A merge-on-read table of many file groups whose files nobody opens, with and without a metadata table.</summary>
    public string Files => Path.Combine(Folder, $"files-{options.Files}");

    public string Ready => Path.Combine(Folder, "ready-2");

    public string IndexesReady => Path.Combine(Folder, "ready-indexes-1");
}
