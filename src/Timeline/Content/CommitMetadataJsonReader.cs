using System.Text.Json;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Reads the JSON of layout 1, fields taken by name in any order, unknown ones skipped, as Hudi's mapper does.</summary>
internal static class CommitMetadataJsonReader
{
    public static CommitMetadata Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadRoot(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "commit metadata is not the JSON it should be: " + e.Message, inner: e);
        }
    }

    private static CommitMetadata ReadRoot(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var stats = new Dictionary<string, IReadOnlyList<WriteStat>>();
        var extra = new Dictionary<string, string>();
        Dictionary<string, IReadOnlyList<string>>? replaced = null;
        string? operation = null;
        bool compacted = false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an object was expected");
        }

        while (NextProperty(ref reader) is { } name)
        {
            switch (name)
            {
                case "partitionToWriteStats" when reader.TokenType == JsonTokenType.StartObject:
                    while (NextProperty(ref reader) is { } partition)
                    {
                        stats[NamedPaths.Partition(partition)] = ReadStats(ref reader);
                    }

                    break;
                case "compacted" when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                    compacted = reader.GetBoolean();
                    break;
                case "extraMetadata" when reader.TokenType == JsonTokenType.StartObject:
                    while (NextProperty(ref reader) is { } key)
                    {
                        // A null value says as much as an absent one.
                        if (reader.GetString() is { } value)
                        {
                            extra[key] = value;
                        }
                    }

                    break;
                case "operationType":
                    operation = reader.GetString();
                    break;
                case "partitionToReplaceFileIds" when reader.TokenType == JsonTokenType.StartObject:
                    replaced = [];
                    while (NextProperty(ref reader) is { } partition)
                    {
                        replaced[NamedPaths.Partition(partition)] = ReadTexts(ref reader);
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new CommitMetadata { PartitionToWriteStats = stats, ExtraMetadata = extra, OperationType = operation, Compacted = compacted, PartitionToReplaceFileIds = replaced };
    }

    private static List<WriteStat> ReadStats(ref Utf8JsonReader reader)
    {
        var list = new List<WriteStat>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("an array of write stats was expected");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("a write stat was expected");
            }

            var stat = new StatBuilder();
            while (NextProperty(ref reader) is { } name)
            {
                ReadStatField(ref reader, stat, name);
            }

            list.Add(stat.Build());
        }

        return list;
    }

    private static void ReadStatField(ref Utf8JsonReader reader, StatBuilder stat, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                stat.Set(name, reader.GetString()!);
                break;
            case JsonTokenType.Number:
                stat.Set(name, reader.GetInt64());
                break;
            case JsonTokenType.StartArray when name == "logFiles":
                stat.LogFiles = ReadTexts(ref reader);
                break;
            case JsonTokenType.StartObject when name == "cdcStats":
                stat.CdcStats = [];
                while (NextProperty(ref reader) is { } file)
                {
                    stat.CdcStats[file] = reader.GetInt64();
                }

                break;
            case JsonTokenType.StartObject when name == "runtimeStats":
                while (NextProperty(ref reader) is { } time)
                {
                    stat.SetRuntime(time, reader.GetInt64());
                }

                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static List<string> ReadTexts(ref Utf8JsonReader reader)
    {
        var list = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("an array was expected");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(reader.GetString() ?? throw new JsonException("a text was expected"));
        }

        return list;
    }

    /// <summary>The next property's name, the reader standing on its value; null at the object's end.</summary>
    private static string? NextProperty(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new JsonException("the file ends too early");
        }

        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        var name = reader.GetString()!;
        return reader.Read() ? name : throw new JsonException("the file ends too early");
    }
}
