namespace OllaLab.Lakehouse.Config;

/// <summary>The keys of hoodie.properties (org.apache.hudi.common.table.HoodieTableConfig, KeyGeneratorOptions, TimestampKeyGeneratorConfig).</summary>
internal static class ConfigKeys
{
    public const string Version = "hoodie.table.version";
    public const string InitialVersion = "hoodie.table.initial.version";
    public const string LayoutVersion = "hoodie.timeline.layout.version";
    public const string Name = "hoodie.table.name";
    public const string Database = "hoodie.database.name";
    public const string Type = "hoodie.table.type";
    public const string Checksum = "hoodie.table.checksum";
    public const string CreateSchema = "hoodie.table.create.schema";
    public const string Format = "hoodie.table.format";

    public const string ArchiveFolder = "hoodie.archivelog.folder";
    public const string TimelinePath = "hoodie.timeline.path";
    public const string HistoryPath = "hoodie.timeline.history.path";
    public const string TimeZone = "hoodie.table.timeline.timezone";

    public const string RecordKeyFields = "hoodie.table.recordkey.fields";
    public const string PartitionFields = "hoodie.table.partition.fields";
    public const string OrderingFields = "hoodie.table.ordering.fields";
    public const string PrecombineField = "hoodie.table.precombine.field";
    public const string KeyGeneratorClass = "hoodie.table.keygenerator.class";
    public const string KeyGeneratorType = "hoodie.table.keygenerator.type";
    public const string ComplexKeyEncoding = "hoodie.table.complex.keygen.encoding";
    public const string PartitionExtractor = "hoodie.table.partition_extractor_class";
    public const string HiveStyle = "hoodie.datasource.write.hive_style_partitioning";
    public const string UrlEncode = "hoodie.datasource.write.partitionpath.urlencode";
    public const string SlashSeparatedDates = "hoodie.datasource.write.slash.separated.date.partitioning";
    public const string DropPartitionColumns = "hoodie.datasource.write.drop.partition.columns";
    public const string PopulateMetaFields = "hoodie.populate.meta.fields";
    public const string PartitionMetafileInBaseFormat = "hoodie.partition.metafile.use.base.format";
    public const string TimeBasedPrefix = "hoodie.keygen.timebased.";
    public const string TimeBasedPrefixOld = "hoodie.deltastreamer.keygen.timebased.";

    public const string MergeMode = "hoodie.record.merge.mode";
    public const string MergeStrategyId = "hoodie.record.merge.strategy.id";
    public const string MergeStrategyIdOld = "hoodie.compaction.record.merger.strategy";
    public const string PayloadClass = "hoodie.compaction.payload.class";
    public const string LegacyPayloadClass = "hoodie.table.legacy.payload.class";
    public const string PartialUpdateMode = "hoodie.table.partial.update.mode";
    public const string MergePropertyPrefix = "hoodie.record.merge.property.";

    public const string BaseFileFormat = "hoodie.table.base.file.format";
    public const string BaseFileFormatOld = "hoodie.table.ro.file.format";
    public const string LogFileFormat = "hoodie.table.log.file.format";
    public const string LogFileFormatOld = "hoodie.table.rt.file.format";
    public const string MultipleBaseFileFormats = "hoodie.table.multiple.base.file.formats.enable";
    public const string BootstrapBasePath = "hoodie.bootstrap.base.path";

    public const string Cdc = "hoodie.table.cdc.enabled";
    public const string CdcLogging = "hoodie.table.cdc.supplemental.logging.mode";
    public const string MetadataPartitions = "hoodie.table.metadata.partitions";
    public const string MetadataPartitionsInflight = "hoodie.table.metadata.partitions.inflight";
    public const string IndexDefinitions = "hoodie.table.index.defs.path";
}
