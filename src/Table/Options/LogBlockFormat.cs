namespace OllaLab.Lakehouse;

/// <summary>The form of rows in log files (hoodie.logfile.data.block.format).</summary>
public enum LogBlockFormat
{
    /// <summary>Avro: quick to write; read whole.</summary>
    Avro,

    /// <summary>Parquet: smaller, and a read takes only the columns that it needs.</summary>
    Parquet,
}
