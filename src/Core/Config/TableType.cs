namespace OllaLab.Lakehouse;

/// <summary>How a table takes changes (<c>hoodie.table.type</c>).</summary>
public enum TableType
{
    /// <summary>A change rewrites the base files that hold its rows; readers read base files only.</summary>
    CopyOnWrite,

    /// <summary>A change is appended to log files, which readers merge with the base files.</summary>
    MergeOnRead,
}
