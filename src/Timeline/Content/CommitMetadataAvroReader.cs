using Avro;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Decodes commit metadata by the writer's schema in the file, fields taken by name, unknown ones skipped; no intermediate objects.</summary>
internal static class CommitMetadataAvroReader
{
    public static CommitMetadata Read(ReadOnlySpan<byte> file)
    {
        var bytes = AvroFile.ReadRecord(file, out var text);
        if (AvroSchemas.Parse(text) is not RecordSchema schema)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the commit's Avro container does not hold a record");
        }

        var reader = new AvroReader(bytes);
        return Read(schema, ref reader);
    }

    /// <summary>A record inside another, as archives of version 6 tables have it.</summary>
    public static CommitMetadata Read(RecordSchema schema, ref AvroReader reader)
    {
        var stats = new Dictionary<string, IReadOnlyList<WriteStat>>();
        var extra = new Dictionary<string, string>();
        Dictionary<string, IReadOnlyList<string>>? replaced = null;
        string? operation = null;
        bool compacted = false;
        foreach (var field in schema.Fields)
        {
            var type = Enter(field.Schema, ref reader);
            switch (field.Name)
            {
                case "partitionToWriteStats" when type is MapSchema { ValueSchema: ArraySchema { ItemSchema: RecordSchema stat } }:
                    ReadMap(ref reader, stats, NamedPaths.Partition, (ref AvroReader r) => ReadList(ref r, (ref AvroReader item) => ReadStat(stat, ref item)));
                    break;
                case "compacted" when type.Tag == Schema.Type.Boolean:
                    compacted = reader.Boolean();
                    break;
                case "extraMetadata" when type is MapSchema map:
                    ReadMap(ref reader, extra, static k => k, (ref AvroReader r) => ReadText(Enter(map.ValueSchema, ref r), ref r) ?? string.Empty);
                    break;
                case "operationType":
                    operation = ReadText(type, ref reader);
                    break;
                case "partitionToReplaceFileIds" when type is MapSchema { ValueSchema: ArraySchema ids }:
                    ReadMap(ref reader, replaced = [], NamedPaths.Partition, (ref AvroReader r) => ReadList(ref r, (ref AvroReader item) => ReadText(Enter(ids.ItemSchema, ref item), ref item) ?? string.Empty));
                    break;
                default:
                    AvroValue.Skip(type, ref reader);
                    break;
            }
        }

        // A replace commit that replaced nothing may leave the map null; the record's name still tells what it is.
        if (replaced is null && schema.Name == "HoodieReplaceCommitMetadata")
        {
            replaced = [];
        }

        return new CommitMetadata { PartitionToWriteStats = stats, ExtraMetadata = extra, OperationType = operation, Compacted = compacted, PartitionToReplaceFileIds = replaced };
    }

    private delegate T Decoder<out T>(ref AvroReader reader);

    private static WriteStat ReadStat(RecordSchema schema, ref AvroReader reader)
    {
        var stat = new StatBuilder();
        foreach (var field in schema.Fields)
        {
            var type = Enter(field.Schema, ref reader);
            switch (type.Tag)
            {
                case Schema.Type.String:
                    stat.Set(field.Name, reader.String());
                    break;
                case Schema.Type.Long or Schema.Type.Int:
                    stat.Set(field.Name, reader.Long());
                    break;
                case Schema.Type.Array when field.Name == "logFiles" && type is ArraySchema files:
                    stat.LogFiles = ReadList(ref reader, (ref AvroReader r) => ReadText(Enter(files.ItemSchema, ref r), ref r) ?? string.Empty);
                    break;
                case Schema.Type.Map when field.Name == "cdcStats" && type is MapSchema { ValueSchema.Tag: Schema.Type.Long }:
                    ReadMap(ref reader, stat.CdcStats = [], static k => k, (ref AvroReader r) => r.Long());
                    break;
                case Schema.Type.Record when field.Name == "runtimeStats" && type is RecordSchema runtime:
                    foreach (var time in runtime.Fields)
                    {
                        var timeType = Enter(time.Schema, ref reader);
                        stat.SetRuntime(time.Name, timeType.Tag is Schema.Type.Long or Schema.Type.Int ? reader.Long() : 0);
                    }

                    break;
                default:
                    AvroValue.Skip(type, ref reader);
                    break;
            }
        }

        return stat.Build();
    }

    private static Schema Enter(Schema schema, ref AvroReader reader) => schema is UnionSchema union ? AvroValue.Branch(union, ref reader) : schema;

    private static string? ReadText(Schema type, ref AvroReader reader)
    {
        if (type.Tag == Schema.Type.String)
        {
            return reader.String();
        }

        AvroValue.Skip(type, ref reader);
        return null;
    }

    private static List<T> ReadList<T>(ref AvroReader reader, Decoder<T> read)
    {
        var list = new List<T>();
        for (long count = reader.BlockCount(); count > 0; count = reader.BlockCount())
        {
            for (; count > 0; count--)
            {
                list.Add(read(ref reader));
            }
        }

        return list;
    }

    private static void ReadMap<T>(ref AvroReader reader, Dictionary<string, T> into, Func<string, string> check, Decoder<T> read)
    {
        for (long count = reader.BlockCount(); count > 0; count = reader.BlockCount())
        {
            for (; count > 0; count--)
            {
                var key = check(reader.String());
                into[key] = read(ref reader);
            }
        }
    }
}
