using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Evolution;

namespace OllaLab.Lakehouse;

/// <summary>
/// One change of a table's columns (<see cref="LakehouseTable.AlterSchemaAsync"/>). A column is named by its path: <c>a.b</c> in a struct, <c>list.element.b</c> in a list of structs,
/// <c>map.value.b</c> in a map of structs. Types are written as in Spark SQL: <c>bigint</c>, <c>decimal(10,2)</c>, <c>struct&lt;a: int&gt;</c>.
/// </summary>
public abstract class SchemaChange
{
    private SchemaChange()
    {
    }

    /// <summary>Adds a nullable column; stored rows have null in it.</summary>
    /// <param name="column">Its path.</param>
    /// <param name="type">Its type.</param>
    /// <param name="comment">A comment; null: none.</param>
    /// <param name="first">Whether it comes first among those beside it.</param>
    /// <param name="after">The name of the one beside it that it comes after; null: it comes last, or first.</param>
    public static SchemaChange Add(string column, string type, string? comment = null, bool first = false, string? after = null) =>
        new Edit($"add {column} {type}", (schema, parse) => SchemaEdit.Add(schema, column, parse(type), comment, Place(first, after)));

    /// <summary>Renames a column; its values stay.</summary>
    /// <param name="column">Its path.</param>
    /// <param name="name">The new name, without the path.</param>
    public static SchemaChange Rename(string column, string name) => new Edit($"rename {column} to {name}", (schema, _) => SchemaEdit.Rename(schema, column, name));

    /// <summary>Drops a column. One that is added later under the same name is another.</summary>
    /// <param name="column">Its path.</param>
    public static SchemaChange Drop(string column) => new Edit($"drop {column}", (schema, _) => SchemaEdit.Drop(schema, column));

    /// <summary>
    /// Changes a column's type: <c>int</c> to <c>bigint</c>, <c>float</c>, <c>double</c>, <c>string</c> or <c>decimal</c>; <c>bigint</c> to <c>float</c>, <c>double</c>, <c>string</c>, <c>decimal</c>;
    /// <c>float</c> to <c>double</c>, <c>string</c>, <c>decimal</c>; <c>double</c> to <c>string</c>, <c>decimal</c>; <c>decimal</c> to a wider one or <c>string</c>; <c>date</c> and <c>binary</c> to
    /// <c>string</c>; <c>string</c> to <c>date</c> or <c>decimal</c> (what is none is null).
    /// </summary>
    /// <param name="column">Its path.</param>
    /// <param name="type">The new type.</param>
    public static SchemaChange ChangeType(string column, string type) => new Edit($"type {column} {type}", (schema, parse) => SchemaEdit.Retype(schema, column, parse(type)));

    /// <summary>Moves a column among those beside it.</summary>
    /// <param name="column">Its path.</param>
    /// <param name="after">The name of the one that it comes after; null: it comes first.</param>
    public static SchemaChange Move(string column, string? after = null) =>
        new Edit(after is null ? $"reorder {column} first" : $"reorder {column} after {after}", (schema, _) => SchemaEdit.Move(schema, column, new ColumnPlace(after)));

    /// <summary>Lets a column be null.</summary>
    /// <param name="column">Its path.</param>
    public static SchemaChange MakeNullable(string column) => new Edit($"nullable {column}", (schema, _) => SchemaEdit.MakeNullable(schema, column));

    /// <summary>Gives a column a comment.</summary>
    /// <param name="column">Its path.</param>
    /// <param name="comment">The comment.</param>
    public static SchemaChange Comment(string column, string comment) => new Edit($"comment {column}", (schema, _) => SchemaEdit.Comment(schema, column, comment));

    /// <summary>The columns after the change.</summary>
    /// <exception cref="LakehouseException">InvalidInput: the change cannot be made.</exception>
    internal abstract InternalSchema Apply(InternalSchema schema, Func<string, AvroType> parse);

    private static ColumnPlace? Place(bool first, string? after) => (first, after) switch
    {
        (true, not null) => throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A column comes either first or after another", remedy: "Give one of the two"),
        (false, null) => null,
        _ => new ColumnPlace(after),
    };

    private sealed class Edit(string text, Func<InternalSchema, Func<string, AvroType>, InternalSchema> apply) : SchemaChange
    {
        internal override InternalSchema Apply(InternalSchema schema, Func<string, AvroType> parse) => apply(schema, parse);

        public override string ToString() => text;
    }
}
