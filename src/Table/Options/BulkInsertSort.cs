namespace OllaLab.Lakehouse;

/// <summary>Order of rows in a bulk insert (hoodie.bulkinsert.sort.mode).</summary>
public enum BulkInsertSort
{
    /// <summary>As they come, per partition.</summary>
    None,

    /// <summary>By partition path, then record key (GLOBAL_SORT): key ranges of files do not overlap, so later lookups prune well.</summary>
    Global,
}
