namespace OllaLab.Lakehouse;

/// <summary>How an incoming key finds the file group that holds it (hoodie.index.type).</summary>
public enum IndexType
{
    /// <summary>Reads the key column of every base file of the touched partitions.</summary>
    Simple,

    /// <summary>Key range and bloom filter of each base file's footer first; only the key columns of files that may hold a key are read.</summary>
    Bloom,

    /// <summary>As <see cref="Simple"/>, over all partitions: a key is one in the whole table. A row whose key is stored in another partition moves there unless hoodie.simple.index.update.partition.path is false.</summary>
    GlobalSimple,

    /// <summary>As <see cref="Bloom"/>, over all partitions (hoodie.bloom.index.update.partition.path).</summary>
    GlobalBloom,

    /// <summary>
    /// The key's hash names its file group, of a fixed number in each partition (hoodie.bucket.index.num.buckets): nothing is looked up. The number is given with the table's or a write's
    /// properties; else it is found from the keys that are stored, and for a first write it is Hudi's, 256. With hoodie.index.bucket.engine=CONSISTENT_HASHING, for merge-on-read tables, clusterings split and
    /// merge buckets (<see cref="ClusteringOptions.MaxBuckets"/>).
    /// </summary>
    Bucket,

    /// <summary>
    /// The metadata table's record index says in which file each key of the table is (hoodie.metadata.record.index.enable gives a table one); a row whose key is stored in another partition is updated there, or
    /// moves if hoodie.record.index.update.partition.path is true. Where the table has no such index, <see cref="GlobalSimple"/> stands in.
    /// </summary>
    GlobalRecordLevel,

    /// <summary>
    /// The metadata table's partitioned record index says in which file of its partition each key is (hoodie.metadata.record.level.index.enable gives a table one). Where the table has none,
    /// <see cref="Simple"/> stands in.
    /// </summary>
    RecordLevel,

    /// <summary><see cref="GlobalRecordLevel"/> by its former name, RECORD_INDEX, which Hudi before 1.1 knows it by: a table that names its index keeps the name.</summary>
    Record,

    /// <summary>For tests: Hudi keeps the keys that its own process wrote in memory and finds no others. Here the files are looked into as with <see cref="Simple"/>, so that no key is stored twice.</summary>
    InMemory,
}
