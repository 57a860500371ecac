namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>A type of Hudi's internal schema (org.apache.hudi.internal.schema.Types), in which every column, element and value has a number that it keeps through renames and type changes.</summary>
internal abstract record InternalType;

/// <param name="Name">As the JSON has it: <c>int</c>, <c>decimal(10, 2)</c>, <c>fixed[16]</c>, ...</param>
internal sealed record InternalScalar(string Name) : InternalType;

internal sealed record InternalRecord(IReadOnlyList<InternalField> Fields) : InternalType;

internal sealed record InternalArray(int ElementId, bool ElementOptional, InternalType Element) : InternalType;

internal sealed record InternalMap(int KeyId, InternalType Key, int ValueId, bool ValueOptional, InternalType Value) : InternalType;

/// <param name="Doc">Null: none. Hudi keeps an empty one apart from none.</param>
internal sealed record InternalField(int Id, string Name, bool Optional, InternalType Type, string? Doc = null);
