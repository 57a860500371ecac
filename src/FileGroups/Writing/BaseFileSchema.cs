using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A table's schema as its base files have it; made once for each schema.</summary>
internal static class BaseFileSchema
{
    private static readonly ConditionalWeakTable<TableSchema, ParquetOutputSchema> Known = [];

    public static ParquetOutputSchema Of(TableSchema schema) => Known.GetValue(schema, static s =>
    {
        var enums = new HashSet<string>();
        FindEnums(s.Root, string.Empty, enums);
        return new ParquetOutputSchema(s.ArrowWithMeta, s.Root.FullName ?? "table", enums.Count == 0 ? null : enums);
    });

    private static void FindEnums(AvroType type, string path, HashSet<string> found)
    {
        switch (type.Kind)
        {
            case AvroKind.Enum:
                found.Add(path);
                break;
            case AvroKind.Record:
                foreach (var field in type.Fields)
                {
                    FindEnums(field.Type, path.Length == 0 ? field.Name : path + "." + field.Name, found);
                }

                break;
            case AvroKind.Array:
                FindEnums(type.Items!, path + ".list.element", found);
                break;
            case AvroKind.Map:
                FindEnums(type.Items!, path + ".key_value.value", found);
                break;
        }
    }
}
