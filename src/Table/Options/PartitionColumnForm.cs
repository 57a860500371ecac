namespace OllaLab.Lakehouse;

/// <summary>How a read shows partition columns, where Hudi on Spark shows them otherwise than they are stored.</summary>
public enum PartitionColumnForm
{
    /// <summary>As stored in the rows.</summary>
    Stored,

    /// <summary>
    /// As Hudi 1.2 on Spark answers: with the timestamp key generator as text; in an incremental read of a table with URL-encoded partition paths still encoded. The command line
    /// reads in this form, so that its answers can be held against Spark's.
    /// </summary>
    Spark,
}
