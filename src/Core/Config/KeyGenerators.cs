namespace OllaLab.Lakehouse.Config;

/// <summary>Key generators by Hudi's names: the type's (from version 8 on) and the class's (version 6), and the one inferred where neither is stored.</summary>
internal static class KeyGenerators
{
    private const string Package = "org.apache.hudi.keygen.";

    /// <summary>The table's generator, with the name the table gives it.</summary>
    public static (KeyGeneratorType Type, string Name) Of(IReadOnlyDictionary<string, string> properties)
    {
        // Hudi looks at the class first (KeyGeneratorType.getKeyGeneratorClassName).
        if (properties.TryGetValue(ConfigKeys.KeyGeneratorClass, out var className) && className.Length > 0)
        {
            return (OfClass(className) ?? Infer(properties), className);
        }

        if (properties.TryGetValue(ConfigKeys.KeyGeneratorType, out var typeName) && typeName.Length > 0)
        {
            return (OfType(typeName) ?? Infer(properties), typeName);
        }

        var inferred = Infer(properties);
        return (inferred, inferred.ToString());
    }

    /// <summary>Hudi's name of a type.</summary>
    public static string TypeName(KeyGeneratorType type) => type switch
    {
        KeyGeneratorType.Simple => "SIMPLE",
        KeyGeneratorType.Complex => "COMPLEX",
        KeyGeneratorType.Timestamp => "TIMESTAMP",
        KeyGeneratorType.Custom => "CUSTOM",
        KeyGeneratorType.NonPartitioned => "NON_PARTITION",
        KeyGeneratorType.GlobalDelete => "GLOBAL_DELETE",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Such a key generator has no name."),
    };

    /// <summary>Hudi's class of a type.</summary>
    public static string ClassName(KeyGeneratorType type) => Package + type switch
    {
        KeyGeneratorType.Simple => "SimpleKeyGenerator",
        KeyGeneratorType.Complex => "ComplexKeyGenerator",
        KeyGeneratorType.Timestamp => "TimestampBasedKeyGenerator",
        KeyGeneratorType.Custom => "CustomKeyGenerator",
        KeyGeneratorType.NonPartitioned => "NonpartitionedKeyGenerator",
        KeyGeneratorType.GlobalDelete => "GlobalDeleteKeyGenerator",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Such a key generator has no class."),
    };

    /// <summary>The generator that follows from the fields (KeyGenUtils.inferKeyGeneratorType).</summary>
    public static KeyGeneratorType Infer(int keyFields, IReadOnlyList<string> partitionFields) => partitionFields switch
    {
        [] => KeyGeneratorType.NonPartitioned,
        [var first, ..] when first.Contains(':') => KeyGeneratorType.Custom,
        [_] when keyFields <= 1 => KeyGeneratorType.Simple,
        _ => KeyGeneratorType.Complex,
    };

    private static KeyGeneratorType Infer(IReadOnlyDictionary<string, string> properties) =>
        Infer(Fields(properties, ConfigKeys.RecordKeyFields).Length, Fields(properties, ConfigKeys.PartitionFields));

    private static string[] Fields(IReadOnlyDictionary<string, string> properties, string key) =>
        properties.GetValueOrDefault(key, string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Null: to be inferred. The generators of Spark SQL and of generated keys wrap another, and its name is not stored.
    private static KeyGeneratorType? OfType(string name) => name.ToUpperInvariant() switch
    {
        "SIMPLE" or "SIMPLE_AVRO" => KeyGeneratorType.Simple,
        "COMPLEX" or "COMPLEX_AVRO" => KeyGeneratorType.Complex,
        "TIMESTAMP" or "TIMESTAMP_AVRO" => KeyGeneratorType.Timestamp,
        "CUSTOM" or "CUSTOM_AVRO" => KeyGeneratorType.Custom,
        "NON_PARTITION" or "NON_PARTITION_AVRO" => KeyGeneratorType.NonPartitioned,
        "GLOBAL_DELETE" or "GLOBAL_DELETE_AVRO" => KeyGeneratorType.GlobalDelete,
        "AUTO_RECORD" or "AUTO_RECORD_AVRO" or "SPARK_SQL" => null,
        _ => KeyGeneratorType.Other,
    };

    private static KeyGeneratorType? OfClass(string name) => (name.StartsWith(Package, StringComparison.Ordinal) ? name[Package.Length..] : name) switch
    {
        "SimpleKeyGenerator" or "SimpleAvroKeyGenerator" => KeyGeneratorType.Simple,
        "ComplexKeyGenerator" or "ComplexAvroKeyGenerator" => KeyGeneratorType.Complex,
        "TimestampBasedKeyGenerator" or "TimestampBasedAvroKeyGenerator" => KeyGeneratorType.Timestamp,
        "CustomKeyGenerator" or "CustomAvroKeyGenerator" => KeyGeneratorType.Custom,
        "NonpartitionedKeyGenerator" or "NonpartitionedAvroKeyGenerator" => KeyGeneratorType.NonPartitioned,
        "GlobalDeleteKeyGenerator" or "GlobalAvroDeleteKeyGenerator" => KeyGeneratorType.GlobalDelete,
        "AutoRecordGenWrapperKeyGenerator" or "AutoRecordGenWrapperAvroKeyGenerator" => null,
        "org.apache.spark.sql.hudi.command.SqlKeyGenerator" => null,
        _ => KeyGeneratorType.Other,
    };
}
