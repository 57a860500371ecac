namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>Changes of an internal schema by the rules of Hudi's ALTER TABLE (TableChanges, SchemaChangeUtils). Columns are named by their paths: <c>a.b</c>, <c>list.element.b</c>, <c>map.value.b</c>.</summary>
internal static class SchemaEdit
{
    /// <summary>Adds a nullable column with the next numbers.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="path">Its path; what it is in must be a struct.</param>
    /// <param name="type">Its type.</param>
    /// <param name="doc">A comment, or null.</param>
    /// <param name="place">Where; null: at the end.</param>
    public static InternalSchema Add(InternalSchema schema, string path, AvroType type, string? doc, ColumnPlace? place)
    {
        var (parent, name) = Split(path);
        if (!AvroNames.IsValid(name))
        {
            throw Wrong($"The column name '{name}' is not one that Avro allows", "Use letters, digits and underscores, and no digit in front");
        }

        int next = schema.MaxColumnId + 1;
        int id = next++;
        var made = new InternalField(id, name, true, InternalSchemaAvro.Of(type, ref next), doc);
        var root = InRecord(schema.Root, parent, fields =>
        {
            RequireFree(fields, name, path);
            return Insert(fields, made, place, path);
        });
        return schema with { Root = root, MaxColumnId = next - 1 };
    }

    public static InternalSchema Drop(InternalSchema schema, string path)
    {
        var (parent, name) = Split(path);
        return schema with
        {
            Root = InRecord(schema.Root, parent, fields =>
            {
                RequireChangeable(fields, name, path);
                return fields.Count > 1 ? [.. fields.Where(f => f.Name != name)] : throw Wrong($"The column {path} is the only one of its struct", "Drop the struct");
            }),
        };
    }

    public static InternalSchema Rename(InternalSchema schema, string path, string newName)
    {
        if (!AvroNames.IsValid(newName))
        {
            throw Wrong($"The column name '{newName}' is not one that Avro allows", "Use letters, digits and underscores, and no digit in front");
        }

        return Change(schema, path, (field, siblings) =>
        {
            RequireFree(siblings.Where(s => s.Id != field.Id), newName, path);
            return field with { Name = newName };
        });
    }

    public static InternalSchema Retype(InternalSchema schema, string path, AvroType type)
    {
        int none = 0;
        var wanted = type.Kind is AvroKind.Record or AvroKind.Array or AvroKind.Map ? null : (InternalScalar)InternalSchemaAvro.Of(type, ref none);
        InternalType Checked(InternalType old) => old is InternalScalar from && wanted is not null && TypeChanges.IsAllowed(from.Name, wanted.Name)
            ? wanted
            : throw Wrong(
                $"The type of the column {path} cannot be changed from {(old as InternalScalar)?.Name ?? "a nested type"} to {wanted?.Name ?? "a nested type"}",
                "Numbers become wider numbers, decimals or text; decimals wider ones or text; text dates or decimals; dates and binary text. Of nested columns change the parts");
        var (parent, name) = Split(path);
        return parent is not null && name is "element" or "value" && Find(schema.Root, parent) is InternalArray or InternalMap
            ? schema with { Root = (InternalRecord)At(schema.Root, parent, container => container is InternalArray a ? a with { Element = Checked(a.Element) } : (InternalMap)container with { Value = Checked(((InternalMap)container).Value) }) }
            : Change(schema, path, (field, _) => field with { Type = Checked(field.Type) });
    }

    public static InternalSchema MakeNullable(InternalSchema schema, string path) => Change(schema, path, (field, _) => field with { Optional = true });

    public static InternalSchema Comment(InternalSchema schema, string path, string comment) => Change(schema, path, (field, _) => field with { Doc = comment });

    public static InternalSchema Move(InternalSchema schema, string path, ColumnPlace place)
    {
        var (parent, name) = Split(path);
        return schema with
        {
            Root = InRecord(schema.Root, parent, fields =>
            {
                RequireChangeable(fields, name, path);
                return Insert([.. fields.Where(f => f.Name != name)], fields.First(f => f.Name == name), place, path);
            }),
        };
    }

    /// <summary>The type at a path; null: there is none.</summary>
    public static InternalType? Find(InternalType root, string path)
    {
        InternalType? at = root;
        foreach (var part in path.Split('.'))
        {
            at = at switch
            {
                InternalRecord r => r.Fields.FirstOrDefault(f => f.Name == part)?.Type,
                InternalArray a when part == "element" => a.Element,
                InternalMap m when part == "value" => m.Value,
                _ => null,
            };
        }

        return at;
    }

    private static InternalSchema Change(InternalSchema schema, string path, Func<InternalField, IReadOnlyList<InternalField>, InternalField> change)
    {
        var (parent, name) = Split(path);
        return schema with
        {
            Root = InRecord(schema.Root, parent, fields =>
            {
                RequireChangeable(fields, name, path);
                return [.. fields.Select(f => f.Name == name ? change(f, fields) : f)];
            }),
        };
    }

    private static InternalRecord InRecord(InternalRecord root, string? parent, Func<IReadOnlyList<InternalField>, IReadOnlyList<InternalField>> change) => (InternalRecord)At(root, parent, type =>
        type is InternalRecord record ? new InternalRecord(change(record.Fields)) : throw Wrong($"{parent} is no struct", "Name a column in a struct; that of a list is in 'element', that of a map in 'value'"));

    private static InternalType At(InternalType root, string? path, Func<InternalType, InternalType> change)
    {
        if (string.IsNullOrEmpty(path))
        {
            return change(root);
        }

        int dot = path.IndexOf('.', StringComparison.Ordinal);
        var (part, rest) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
        return root switch
        {
            InternalRecord r when r.Fields.Any(f => f.Name == part) => new InternalRecord([.. r.Fields.Select(f => f.Name == part ? f with { Type = At(f.Type, rest, change) } : f)]),
            InternalArray a when part == "element" => a with { Element = At(a.Element, rest, change) },
            InternalMap m when part == "value" => m with { Value = At(m.Value, rest, change) },
            _ => throw Missing(part),
        };
    }

    private static IReadOnlyList<InternalField> Insert(IReadOnlyList<InternalField> fields, InternalField field, ColumnPlace? place, string path)
    {
        var list = fields.ToList();
        int meta = list.TakeWhile(f => MetaColumns.IsReserved(f.Name)).Count();
        int at = place is not { } p ? list.Count : p.After is null ? meta : list.FindIndex(f => f.Name == p.After) + 1;
        if (at == 0 && place?.After is { } after)
        {
            throw Missing(after);
        }

        if (at < meta)
        {
            throw Wrong($"The column {path} cannot stand among the meta columns", "Name a data column");
        }

        list.Insert(at, field);
        return list;
    }

    private static void RequireFree(IEnumerable<InternalField> fields, string name, string path)
    {
        if (fields.Any(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw Wrong($"There is a column '{name}' beside {path} already (upper and lower case are the same to Spark)", "Choose another name");
        }
    }

    private static void RequireChangeable(IReadOnlyList<InternalField> fields, string name, string path)
    {
        if (!fields.Any(f => f.Name == name))
        {
            throw Missing(path);
        }

        if (path == name && MetaColumns.IsReserved(name))
        {
            throw Wrong($"The meta column {name} cannot be changed", "Name a data column");
        }
    }

    private static (string? Parent, string Name) Split(string path)
    {
        int dot = path.LastIndexOf('.');
        return dot < 0 ? (null, path) : (path[..dot], path[(dot + 1)..]);
    }

    private static LakehouseException Missing(string path) => Wrong($"There is no column '{path}'", "List the columns with 'schema'");

    private static LakehouseException Wrong(string problem, string remedy) => new(LakehouseErrorKind.InvalidInput, problem, remedy: remedy);
}

/// <summary>Where a column stands among those beside it.</summary>
/// <param name="After">The one that it comes after; null: it comes first.</param>
internal readonly record struct ColumnPlace(string? After);
