namespace OllaLab.Lakehouse;

/// <summary>What a table's writes log of each changed row for queries of its changes (<c>hoodie.table.cdc.supplemental.logging.mode</c>). What is not logged, readers look up in the table's files.</summary>
public enum CdcLogging
{
    /// <summary>The kind of change and the key (OP_KEY_ONLY).</summary>
    KeyOnly,

    /// <summary>Also the row as it was before (DATA_BEFORE).</summary>
    Before,

    /// <summary>The row as it was before and as it is after (DATA_BEFORE_AFTER).</summary>
    BeforeAndAfter,
}
