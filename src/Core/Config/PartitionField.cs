namespace OllaLab.Lakehouse.Config;

/// <summary>A partition field, and for the custom key generator how its value becomes a path.</summary>
/// <param name="Name">The column; may be nested (<c>a.b</c>).</param>
/// <param name="Type">SIMPLE or TIMESTAMP; null where the table does not say (every generator but the custom one; version 6).</param>
internal readonly record struct PartitionField(string Name, PartitionFieldType? Type = null)
{
    /// <summary>As <c>hoodie.table.partition.fields</c> has it from version 8 on.</summary>
    public override string ToString() => Type is { } type ? $"{Name}:{type.ToString().ToUpperInvariant()}" : Name;
}

/// <summary>How the custom key generator makes a path of a field's value.</summary>
internal enum PartitionFieldType
{
    /// <summary>The value's text.</summary>
    Simple,

    /// <summary>A time, formatted by the hoodie.keygen.timebased.* properties.</summary>
    Timestamp,
}
