using OllaLab.Lakehouse.Indexing.Timebased;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Makes the key generator that a table asks for.</summary>
internal static class KeyGenerators
{
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
            KeyGeneratorKind.Simple or KeyGeneratorKind.Timestamp when !single =>
                throw Invalid($"The {settings.Kind} key generator takes one record key field, not {string.Join(", ", fields)}", "Use the complex key generator"),
            KeyGeneratorKind.Complex or KeyGeneratorKind.GlobalDelete when single && !(settings.Kind == KeyGeneratorKind.Complex && settings.BareSingleComplexKey) =>
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
            case KeyGeneratorKind.NonPartitioned or KeyGeneratorKind.GlobalDelete:
                return [];
            case KeyGeneratorKind.Custom:
                return [.. fields.Select(f => Custom(settings, f))];
            case KeyGeneratorKind.Complex:
                return [.. fields.Select(f => new SimplePartition(settings, f.Name))];
        }

        if (fields.Count != 1)
        {
            throw Invalid($"The {settings.Kind} key generator takes one partition field, not {fields.Count}", "Use the complex, custom or non-partitioned key generator");
        }

        return [settings.Kind == KeyGeneratorKind.Timestamp ? new TimestampPartition(settings, fields[0].Name) : new SimplePartition(settings, fields[0].Name)];
    }

    private static IPartitionSource Custom(KeyGeneratorSettings settings, PartitionPart field) => field.Type?.ToUpperInvariant() switch
    {
        "SIMPLE" => new SimplePartition(settings, field.Name),
        "TIMESTAMP" => new TimestampPartition(settings, field.Name),
        null => throw Invalid($"The custom key generator does not know the type of partition field '{field.Name}'", $"Give it as {field.Name}:SIMPLE or {field.Name}:TIMESTAMP (hoodie.datasource.write.partitionpath.field)"),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The partition type '{field.Type}' of field '{field.Name}' is not known", remedy: "Use SIMPLE or TIMESTAMP"),
    };

    private static LakehouseException Invalid(string problem, string remedy) => new(LakehouseErrorKind.InvalidInput, problem, remedy: remedy);
}
