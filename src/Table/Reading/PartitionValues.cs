using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Reading;

/// <summary>
/// The values of partition columns that a partition path tells, typed (the reverse of the key generators; PartitionPathEncodeUtils, HoodieHadoopFSUtils). Where the path holds another
/// form of the value (timestamp generators) or cannot be taken apart, it tells nothing, and nothing is pruned by it.
/// </summary>
internal sealed class PartitionValues
{
    private static readonly Dictionary<string, IArrowArray> None = [];
    private readonly TableConfig config;
    private readonly Field?[] fields;

    public PartitionValues(TableConfig config, TableSchema schema)
    {
        this.config = config;
        fields = [.. config.PartitionFields.Select(p => IsPlain(p) ? schema.Arrow.FieldsList.FirstOrDefault(f => f.Name == p.Name) : null)];
    }

    public IReadOnlyDictionary<string, IArrowArray> Of(string partitionPath)
    {
        if (fields.Length == 0 || partitionPath.Length == 0)
        {
            return None;
        }

        string[] segments = partitionPath.Split('/');
        if (segments.Length != fields.Length)
        {
            // A single column's value may span several folders: dates by slashes, or values with slashes in them.
            if (fields.Length != 1)
            {
                return None;
            }

            segments = [config.SlashSeparatedDates ? string.Join('-', segments) : partitionPath];
        }

        var values = new Dictionary<string, IArrowArray>();
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] is { } field && Value(segments[i], field) is { } value)
            {
                values.Add(field.Name, value);
            }
        }

        return values;
    }

    private bool IsPlain(PartitionField field) => config.KeyGeneratorType switch
    {
        KeyGeneratorType.Simple or KeyGeneratorType.Complex => true,
        KeyGeneratorType.Custom => field.Type == PartitionFieldType.Simple,
        _ => false,
    };

    private IArrowArray? Value(string segment, Field field)
    {
        var prefix = field.Name + "=";
        var text = segment.StartsWith(prefix, StringComparison.Ordinal) && config.HiveStyle ? segment[prefix.Length..] : segment;
        if (text is "__HIVE_DEFAULT_PARTITION__" or "default")
        {
            // Null and empty text share this folder, and a text column may hold the words themselves.
            return null;
        }

        return Parse(config.UrlEncode ? Uri.UnescapeDataString(text) : text, field.DataType);
    }

    // Only types whose text in a path is one-to-one with the value.
    private static IArrowArray? Parse(string text, IArrowType type)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (type)
        {
            case StringType:
                return new StringArray.Builder().Append(text).Build();
            case Int32Type when int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number):
                return new Int32Array.Builder().Append(number).Build();
            case Int64Type when long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number):
                return new Int64Array.Builder().Append(number).Build();
            case BooleanType when text is "true" or "false":
                return new BooleanArray.Builder().Append(text == "true").Build();
            case Date32Type when DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var date):
                return new Date32Array.Builder().Append(date).Build();
            default:
                return null;
        }
    }
}
