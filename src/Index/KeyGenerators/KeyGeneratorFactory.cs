using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing.Timebased;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Makes the key generator that a table asks for.</summary>
internal static class KeyGeneratorFactory
{
    /// <summary>The generator of a table, for writing it or for computing the keys of its stored rows.</summary>
    /// <param name="config">The table's properties.</param>
    /// <param name="schema">Its data columns: all fields must be among them.</param>
    /// <param name="options">A writer's Hudi options, where they say what properties do not.</param>
    /// <param name="autoKeys">Where keys come from in a table without record key fields.</param>
    /// <exception cref="LakehouseException">Unsupported: the table's generator is not one of Hudi's, named. InvalidInput: it lacks a field or property.</exception>
    public static IKeyGenerator Create(TableConfig config, TableSchema schema, IReadOnlyDictionary<string, string>? options = null, AutoKeys? autoKeys = null)
    {
        var settings = KeyGeneratorSettings.From(config, options) with { AutoKeys = autoKeys };
        foreach (string field in settings.RecordKeyFields.Concat(settings.PartitionFields.Select(f => f.Name)))
        {
            ColumnPath.Require(schema.Arrow, field);
        }

        return Create(settings);
    }

    /// <summary>The record keys alone: of stored rows the partition is known.</summary>
    /// <exception cref="LakehouseException">As <see cref="Create(TableConfig, TableSchema, IReadOnlyDictionary{string, string}?, AutoKeys?)"/>.</exception>
    public static RecordKeySource CreateRecordKeys(TableConfig config, TableSchema schema)
    {
        var keys = RecordKeys(KeyGeneratorSettings.From(config, null));
        foreach (string field in keys.Fields)
        {
            ColumnPath.Require(schema.Arrow, field);
        }

        return keys;
    }

    public static IKeyGenerator Create(KeyGeneratorSettings settings) => new KeyGenerator(RecordKeys(settings), new FieldPartitions(Partitions(settings)));

    private static RecordKeySource RecordKeys(KeyGeneratorSettings settings)
    {
        var fields = settings.RecordKeyFields;
        if (fields.Count == 0)
        {
            return settings.AutoKeys is { } source ? new GeneratedRowKeys(source)
                : throw Invalid("The table has no record key fields: its keys exist only in the stored rows", "Insert into it, or create it with record key fields");
        }

        bool single = fields.Count == 1;
        return settings.Kind switch
        {
            KeyGeneratorType.Simple or KeyGeneratorType.Timestamp when !single =>
                throw Invalid($"The {settings.Kind} key generator takes one record key field, not {string.Join(", ", fields)}", "Use the complex key generator"),
            KeyGeneratorType.Complex or KeyGeneratorType.GlobalDelete when single && !(settings.Kind == KeyGeneratorType.Complex && settings.BareSingleComplexKey) =>
                new ComplexKeys(fields, settings.TimestampsAsText),
            _ when single => new SingleFieldKeys(fields[0], settings.TimestampsAsText),
            _ => new ComplexKeys(fields, settings.TimestampsAsText),
        };
    }

    private static IPartitionSource[] Partitions(KeyGeneratorSettings settings)
    {
        var fields = settings.PartitionFields;
        switch (settings.Kind)
        {
            case KeyGeneratorType.NonPartitioned or KeyGeneratorType.GlobalDelete:
                return [];
            case KeyGeneratorType.Custom:
                return [.. fields.Select(f => Custom(settings, f))];
            case KeyGeneratorType.Complex:
                return [.. fields.Select(f => new SimplePartition(settings, f.Name))];
        }

        if (fields.Count != 1)
        {
            throw Invalid($"The {settings.Kind} key generator takes one partition field, not {fields.Count}", "Use the complex, custom or non-partitioned key generator");
        }

        return [settings.Kind == KeyGeneratorType.Timestamp ? new TimestampPartition(settings, fields[0].Name) : new SimplePartition(settings, fields[0].Name)];
    }

    private static IPartitionSource Custom(KeyGeneratorSettings settings, PartitionField field) => field.Type switch
    {
        PartitionFieldType.Simple => new SimplePartition(settings, field.Name),
        PartitionFieldType.Timestamp => new TimestampPartition(settings, field.Name),
        _ => throw Invalid($"The custom key generator does not know the type of partition field '{field.Name}'",
            $"Give it as {field.Name}:SIMPLE or {field.Name}:TIMESTAMP in the option {KeyGeneratorSettings.PartitionFieldOption}"),
    };

    private static LakehouseException Invalid(string problem, string remedy) => new(LakehouseErrorKind.InvalidInput, problem, remedy: remedy);
}
