namespace OllaLab.Lakehouse.Sql;

/// <summary>A type of DuckDB, of which only the nested ones are taken apart.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A scalar's name as DuckDB writes it; empty for nested types.</param>
/// <param name="Fields">The fields of a struct; the item of a list; key and value of a map.</param>
internal sealed record DuckType(DuckTypeKind Kind, string Name, IReadOnlyList<DuckField> Fields)
{
    public static DuckType Scalar(string name) => new(DuckTypeKind.Scalar, name, []);

    public static DuckType List(DuckType item) => new(DuckTypeKind.List, string.Empty, [new("item", item)]);

    public static DuckType Map(DuckType key, DuckType value) => new(DuckTypeKind.Map, string.Empty, [new("key", key), new("value", value)]);

    public static DuckType Struct(IReadOnlyList<DuckField> fields) => new(DuckTypeKind.Struct, string.Empty, fields);

    /// <summary>The type in SQL, the same text for the same type.</summary>
    public override string ToString() => Kind switch
    {
        DuckTypeKind.List => Fields[0].Type + "[]",
        DuckTypeKind.Map => $"MAP({Fields[0].Type}, {Fields[1].Type})",
        DuckTypeKind.Struct => $"STRUCT({string.Join(", ", Fields.Select(f => Filtering.SqlText.Identifier(f.Name) + " " + f.Type))})",
        _ => Name,
    };

    public bool Equals(DuckType? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}

internal sealed record DuckField(string Name, DuckType Type);

internal enum DuckTypeKind
{
    Scalar,
    List,
    Map,
    Struct,
}
