using System.Collections.Concurrent;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Records of the metadata table in Avro's binary encoding, by the schema that a file states (HoodieMetadataRecord, whose fields grew from release to release): worked out once for each
/// schema, field by name. For any number of threads.
/// </summary>
internal sealed class MetadataRecordCodec
{
    private const int FileName = 0;
    private const int Key = 1;
    private const int Type = 2;
    private const int Files = 3;
    private const int Bloom = 4;
    private const int Stats = 5;
    private const int RecordIndex = 6;
    private const int Secondary = 7;

    private static readonly ConcurrentDictionary<string, MetadataRecordCodec> Known = new(StringComparer.Ordinal);

    private readonly AvroFieldMap fields;
    private readonly AvroSkip?[] skips;
    private readonly FilesCodec? files;
    private readonly BloomFilterCodec? bloom;
    private readonly ColumnStatsCodec? stats;
    private readonly RecordIndexCodec? recordIndex;
    private readonly SecondaryIndexCodec? secondary;

    private MetadataRecordCodec(string schema)
    {
        Schema = schema;
        var record = AvroTypeParser.Parse(AvroTypeParser.Json(schema));
        fields = new AvroFieldMap(
            record, MetaColumns.FileName, "key", "type", "filesystemMetadata", "BloomFilterMetadata", "ColumnStatsMetadata", "recordIndexMetadata", "SecondaryIndexMetadata");
        skips = [.. fields.Fields.Select(f => f.Name is < 0 or FileName or Key ? new AvroSkip(f.Type) : null)];
        if (AvroFieldMap.Find(record, "type", AvroKind.Int) is null)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "The schema of the metadata table's records has no field 'type'");
        }

        files = AvroFieldMap.Find(record, "filesystemMetadata", AvroKind.Map) is { } map ? new FilesCodec(map) : null;
        bloom = AvroFieldMap.Record(record, "BloomFilterMetadata") is { } b ? new BloomFilterCodec(b) : null;
        stats = AvroFieldMap.Record(record, "ColumnStatsMetadata") is { } s ? new ColumnStatsCodec(s) : null;
        recordIndex = AvroFieldMap.Record(record, "recordIndexMetadata") is { } r ? new RecordIndexCodec(r) : null;
        secondary = AvroFieldMap.Record(record, "SecondaryIndexMetadata") is { } i ? new SecondaryIndexCodec(i) : null;
    }

    /// <summary>The schema's JSON, as given.</summary>
    public string Schema { get; }

    /// <summary>The codec of a schema as a file states it.</summary>
    /// <exception cref="LakehouseException">Corrupt: it is no schema of such records.</exception>
    public static MetadataRecordCodec For(string schema) => Known.GetOrAdd(schema, static s => new MetadataRecordCodec(s));

    /// <summary>What a record says, without its key, which its file has outside of it.</summary>
    /// <exception cref="LakehouseException">Corrupt: damaged. Unsupported: a kind of record that is not known.</exception>
    public MetadataPayload Read(ReadOnlySpan<byte> record)
    {
        var input = new AvroInput(record);
        int type = 0;
        MetadataPayload? payload = null;
        for (int i = 0; i < fields.Fields.Length; i++)
        {
            var (name, fieldType) = fields.Fields[i];
            if (skips[i] is { } skip)
            {
                skip.Read(ref input);
            }
            else if (name == Type)
            {
                type = ReadType(ref input, fieldType);
            }
            else if (input.ReadBranch(fieldType))
            {
                payload = name switch
                {
                    Files => files!.Read(ref input, (MetadataRecordType)type),
                    Bloom => bloom!.Read(ref input),
                    Stats => stats!.Read(ref input, (MetadataRecordType)type),
                    RecordIndex => recordIndex!.ReadPayload(ref input),
                    _ => secondary!.Read(ref input),
                };
            }
        }

        return payload is not null && FieldOf(payload.Type) == FieldOf((MetadataRecordType)type) ? payload : throw AvroInput.Bad($"a record of the type {type} does not say what it should");
    }

    /// <summary>An entry of the record index, without objects; it is valid as long as the bytes.</summary>
    public RecordIndexEntry ReadRecordIndex(ReadOnlySpan<byte> record)
    {
        var input = new AvroInput(record);
        for (int i = 0; i < fields.Fields.Length; i++)
        {
            var (name, type) = fields.Fields[i];
            if (skips[i] is { } skip)
            {
                skip.Read(ref input);
            }
            else if (name == Type)
            {
                ReadType(ref input, type);
            }
            else if (input.ReadBranch(type))
            {
                return name == RecordIndex ? recordIndex!.Read(ref input) : throw AvroInput.Bad("it is no entry of the record index");
            }
        }

        throw AvroInput.Bad("it is no entry of the record index");
    }

    /// <summary>Writes a record. What the schema's release did not know yet is left out where it adds nothing to understanding the rest.</summary>
    /// <param name="output">Is appended to.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="fileName">Value of _hoodie_file_name, as compactions write it; otherwise null.</param>
    /// <exception cref="LakehouseException">Unsupported: the schema cannot hold it.</exception>
    public void Write(AvroOutput output, MetadataPayload payload, string? fileName = null)
    {
        int wanted = FieldOf(payload.Type);
        if (!fields.Has(wanted))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"The schema of the metadata table's records has no place for the type {payload.Type}", remedy: "Let the Hudi release that made the index write");
        }

        foreach (var (name, type) in fields.Fields)
        {
            switch (name)
            {
                case FileName:
                    output.WriteNullable(type, fileName);
                    break;
                case Key:
                    output.WriteBranch(type, hasValue: true);
                    output.WriteText(string.Empty);
                    break;
                case Type:
                    output.WriteBranch(type, hasValue: true);
                    output.WriteLong((int)payload.Type);
                    break;
                default:
                    output.WriteBranch(type, name == wanted);
                    if (name == wanted)
                    {
                        WriteValue(output, payload);
                    }

                    break;
            }
        }
    }

    private static int ReadType(ref AvroInput input, AvroType type) => input.ReadBranch(type) && input.ReadInt() is var number && FieldOf((MetadataRecordType)number) >= 0
        ? number
        : throw new LakehouseException(LakehouseErrorKind.Unsupported, "The metadata table has a record of a type that is not known", remedy: "Read the table with hoodie.metadata.enable=false");

    private static int FieldOf(MetadataRecordType type) => type switch
    {
        MetadataRecordType.PartitionList or MetadataRecordType.Files => Files,
        MetadataRecordType.ColumnStats or MetadataRecordType.PartitionStats => Stats,
        MetadataRecordType.BloomFilter => Bloom,
        MetadataRecordType.RecordIndex => RecordIndex,
        MetadataRecordType.SecondaryIndex => Secondary,
        _ => -1,
    };

    private void WriteValue(AvroOutput output, MetadataPayload payload)
    {
        switch (payload)
        {
            case FilesPayload value:
                files!.Write(output, value);
                break;
            case BloomFilterPayload value:
                bloom!.Write(output, value);
                break;
            case ColumnStatsPayload value:
                stats!.Write(output, value);
                break;
            case RecordIndexPayload value:
                recordIndex!.Write(output, value);
                break;
            case SecondaryIndexPayload value:
                secondary!.Write(output, value);
                break;
            default:
                throw new ArgumentException($"A payload of the class {payload.GetType().Name} is not known.", nameof(payload));
        }
    }
}
