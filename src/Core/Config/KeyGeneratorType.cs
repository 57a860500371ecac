namespace OllaLab.Lakehouse;

/// <summary>How record keys and partition paths are made from columns (Hudi's KeyGeneratorType; its Avro twins are the same generator).</summary>
public enum KeyGeneratorType
{
    /// <summary>One key field, one partition field.</summary>
    Simple,

    /// <summary>Any number of key and partition fields.</summary>
    Complex,

    /// <summary>One partition field that holds a time, formatted.</summary>
    Timestamp,

    /// <summary>Partition fields that are each simple or times.</summary>
    Custom,

    /// <summary>No partitions.</summary>
    NonPartitioned,

    /// <summary>Keys of a global delete: no partitions.</summary>
    GlobalDelete,

    /// <summary>One that this engine does not know; its rows can be read where the meta columns hold the keys, and not be written.</summary>
    Other,
}
