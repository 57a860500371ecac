namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// The union of <c>orderingVal</c> in HoodieDeleteRecord.avsc. Every wrapper is a record of one field and so encoded like the bare value. Not the union of the column statistics
/// (HoodieMetadata.avsc), which is longer.
/// </summary>
internal enum OrderingBranch
{
    Null = 0,
    Boolean = 1,
    Int = 2,
    Long = 3,
    Float = 4,
    Double = 5,
    Bytes = 6,
    String = 7,

    /// <summary>Days since 1970, as an int.</summary>
    Date = 8,

    /// <summary>Bytes, always of precision 30 and scale 15.</summary>
    Decimal = 9,

    TimeMicros = 10,

    TimestampMicros = 11,

    /// <summary>Null or an array of the other branches: several ordering fields.</summary>
    Array = 12,
}
