using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>A column, or a field inside struct columns, found in a schema.</summary>
internal sealed class ColumnPath
{
    private readonly int[] _steps;

    private ColumnPath(string name, string topLevelName, int[] steps, IArrowType type)
    {
        Name = name;
        TopLevelName = topLevelName;
        _steps = steps;
        Type = type;
    }

    /// <summary>The name as the predicate has it, dotted where nested.</summary>
    public string Name { get; }

    public string TopLevelName { get; }

    public IArrowType Type { get; }

    /// <summary>A column whose name has dots is found before a nested field of the same spelling.</summary>
    public static ColumnPath Resolve(Schema schema, string name) => TryResolve(schema, name) ?? throw Unknown(schema, name);

    /// <inheritdoc cref="Resolve"/>
    /// <returns>Null where there is none.</returns>
    public static ColumnPath? TryResolve(Schema schema, string name)
    {
        IReadOnlyList<Field> fields = schema.FieldsList;
        var steps = new List<int>();
        var rest = name;
        string? top = null;
        while (true)
        {
            var index = Find(fields, rest, out var length);
            if (index < 0)
            {
                return null;
            }

            steps.Add(index);
            top ??= fields[index].Name;
            var type = fields[index].DataType;
            if (length == rest.Length)
            {
                return new ColumnPath(name, top, [.. steps], type);
            }

            if (type is not StructType record)
            {
                return null;
            }

            rest = rest[(length + 1)..];
            fields = record.Fields;
        }
    }

    /// <summary>The column's array. A struct around it may be null where it is not: ask <see cref="Levels"/>.</summary>
    public IArrowArray Array(RecordBatch batch)
    {
        var array = batch.Column(_steps[0]);
        for (int i = 1; i < _steps.Length; i++)
        {
            array = ((StructArray)array).Fields[_steps[i]];
        }

        return array;
    }

    /// <summary>The arrays whose nulls are the column's nulls: the structs around it and its own.</summary>
    public IArrowArray[] Levels(RecordBatch batch)
    {
        var levels = new IArrowArray[_steps.Length];
        levels[0] = batch.Column(_steps[0]);
        for (int i = 1; i < _steps.Length; i++)
        {
            levels[i] = ((StructArray)levels[i - 1]).Fields[_steps[i]];
        }

        return levels;
    }

    private static int Find(IReadOnlyList<Field> fields, string name, out int length)
    {
        for (length = name.Length; length > 0; length = name.LastIndexOf('.', length - 1))
        {
            for (int i = 0; i < fields.Count; i++)
            {
                if (fields[i].Name.AsSpan().SequenceEqual(name.AsSpan(0, length)))
                {
                    return i;
                }
            }
        }

        return -1;
    }

    private static LakehouseException Unknown(Schema schema, string name) => new(
        LakehouseErrorKind.InvalidInput, $"The predicate names the column \"{name}\", which the table does not have", remedy: $"Its columns are {string.Join(", ", schema.FieldsList.Select(f => f.Name))}");
}
