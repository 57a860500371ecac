namespace OllaLab.Lakehouse.Logs;

/// <summary>The entries of a block's header (HoodieLogBlock.HeaderMetadataType; the numbers are those in files).</summary>
internal enum LogHeader
{
    /// <summary>The requested time of the instant that wrote the block.</summary>
    InstantTime = 0,

    /// <summary>The instant that a rollback command is about.</summary>
    TargetInstantTime = 1,

    /// <summary>The Avro schema that the block's records were written with.</summary>
    Schema = 2,

    /// <summary>Which command it is; "0": rollback.</summary>
    CommandBlockType = 3,

    /// <summary>The instants whose blocks a log compaction put together in this one, separated by commas, in no order.</summary>
    CompactedBlockTimes = 4,

    /// <summary>The rows of the base file that the records replace: see <see cref="Logs.RecordPositions"/>.</summary>
    RecordPositions = 5,

    /// <summary>Told blocks of a retried task apart; in no block that a release wrote.</summary>
    BlockIdentifier = 6,

    /// <summary>"true": records have only the columns that were changed.</summary>
    IsPartial = 7,

    /// <summary>The instant of the base file that <see cref="RecordPositions"/> counts rows of.</summary>
    BaseFileInstantTimeOfRecordPositions = 8,
}
