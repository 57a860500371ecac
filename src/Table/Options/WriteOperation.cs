namespace OllaLab.Lakehouse;

/// <summary>What a write does with the incoming rows (hoodie.datasource.write.operation).</summary>
public enum WriteOperation
{
    /// <summary>Rows whose key is stored replace the stored row as the table's merge mode says; others are inserted. Duplicates in the input are merged by the same rule.</summary>
    Upsert,

    /// <summary>Rows are added without looking for their keys: a key that is stored already is then stored twice. Small files are filled first.</summary>
    Insert,

    /// <summary>The rows' keys are deleted; columns other than the key and partition fields are not needed. Keys that are not stored are ignored.</summary>
    Delete,

    /// <summary>Rows are added to new files, in the order they come or sorted, without an index: for first loads.</summary>
    BulkInsert,

    /// <summary>The rows take the place of all rows of the partitions that they belong to; other partitions stay as they are. Keys are not looked for.</summary>
    InsertOverwrite,

    /// <summary>The rows take the place of all rows of the table, also where there are none.</summary>
    InsertOverwriteTable,
}
