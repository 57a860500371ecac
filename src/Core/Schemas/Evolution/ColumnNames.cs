namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>
/// Where a file written under an older schema has the columns of a newer one: columns are the same when their numbers are (InternalSchemaMerger). Those not named here have the same name in
/// both.
/// </summary>
internal sealed class ColumnNames
{
    private readonly Dictionary<string, string?> _sources = new(StringComparer.Ordinal);

    private ColumnNames()
    {
    }

    /// <summary>From a column's path in the newer schema (<c>a.b</c>, <c>list.element.b</c>, <c>map.value.b</c>) to its own name in the file; null: the file does not have it, whatever has that name there.</summary>
    public IReadOnlyDictionary<string, string?> Sources => _sources;

    public static ColumnNames Of(InternalSchema file, InternalSchema wanted)
    {
        var names = new ColumnNames();
        names.Add(wanted.Root, file.Root, null);
        return names;
    }

    private void Add(InternalType wanted, InternalType file, string? path)
    {
        switch (wanted, file)
        {
            case (InternalRecord w, InternalRecord f):
                AddFields(w, f, path);
                break;
            case (InternalArray w, InternalArray f):
                Add(w.Element, f.Element, $"{path}.{AvroToArrow.ElementName}");
                break;
            case (InternalMap w, InternalMap f):
                Add(w.Value, f.Value, $"{path}.value");
                break;
        }
    }

    private void AddFields(InternalRecord wanted, InternalRecord file, string? path)
    {
        foreach (var field in wanted.Fields)
        {
            var full = path is null ? field.Name : $"{path}.{field.Name}";
            var found = file.Fields.FirstOrDefault(f => f.Id == field.Id);
            if (found?.Name != field.Name)
            {
                _sources[full] = found?.Name;
            }

            if (found is not null)
            {
                Add(field.Type, found.Type, full);
            }
        }
    }
}
