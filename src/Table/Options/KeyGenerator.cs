namespace OllaLab.Lakehouse;

/// <summary>How record keys and partition paths are made of a row's values (org.apache.hudi.keygen).</summary>
public enum KeyGenerator
{
    /// <summary>One key column, one partition column.</summary>
    Simple,

    /// <summary>Several key or partition columns; keys read "a:1,b:2".</summary>
    Complex,

    /// <summary>No partitions.</summary>
    NonPartitioned,

    /// <summary>The partition path is a formatted time (hoodie.keygen.timebased.*).</summary>
    Timestamp,

    /// <summary>Each partition column has its own type, simple or timestamp.</summary>
    Custom,
}
