using System.Text.Json;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// One type of an Avro schema, names resolved and <c>["null", T]</c> folded into <see cref="Nullable"/>.
/// The engine has its own tree because Apache.Avro's loses the logical type where a named decimal is used a second time, an empty namespace and an empty doc.
/// </summary>
internal sealed record AvroType(AvroKind Kind)
{
    /// <summary>Whether null is one of the values.</summary>
    public bool Nullable { get; init; }

    /// <summary>The number of null in the union that the schema has here, -1 without null: which of the two comes first decides the bytes of every value.</summary>
    public int NullBranch { get; init; } = -1;

    /// <summary>The number of this type in the union that the schema has here, -1 where there is no union. The members of a <see cref="AvroKind.Union"/> have their own.</summary>
    public int Branch { get; init; } = -1;

    /// <summary>The full name of a record, enum or fixed.</summary>
    public string? FullName { get; init; }

    /// <summary>The number of bytes of a fixed, also of one under a decimal; 0 for a decimal on bytes.</summary>
    public int Size { get; init; }

    /// <summary>A decimal's number of digits.</summary>
    public int Precision { get; init; }

    /// <summary>A decimal's number of digits after the point.</summary>
    public int Scale { get; init; }

    /// <summary>The symbols of an enum.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>The items of an array, the values of a map.</summary>
    public AvroType? Items { get; init; }

    /// <summary>The fields of a record; the members of a union under the names that Parquet gives them (<c>member0</c>, ...).</summary>
    public IReadOnlyList<AvroField> Fields { get; init; } = [];
}

/// <param name="Default">The default as JSON, or null where the schema states none.</param>
internal sealed record AvroField(string Name, AvroType Type, JsonElement? Default = null, string? Doc = null);
