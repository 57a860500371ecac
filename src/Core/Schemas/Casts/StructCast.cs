using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Structs by the names of their fields: reordered, converted, missing ones filled.</summary>
internal static class StructCast
{
    public static ArrayCast? Create(StructType from, StructType to, AvroType? avro, string column, CastRules rules)
    {
        var sources = new int[to.Fields.Count];
        var casts = new ArrayCast?[to.Fields.Count];
        var fills = new Func<int, ArrayData>?[to.Fields.Count];
        bool same = from.Fields.Count == to.Fields.Count;
        for (int i = 0; i < sources.Length; i++)
        {
            var field = to.Fields[i];
            var path = $"{column}.{field.Name}";
            var fieldAvro = avro?.Fields.FirstOrDefault(f => f.Name == field.Name);
            sources[i] = Index(from, rules.SourceName(path, field.Name));
            if (sources[i] >= 0)
            {
                // Whether the field is null is asked below, where it is known whether the struct itself is.
                casts[i] = Cast.Create(from.Fields[sources[i]].DataType, field.DataType, fieldAvro?.Type, path, rules);
            }
            else
            {
                fills[i] = MissingColumn.Fill(field, fieldAvro, path, rules);
            }

            same &= sources[i] == i && casts[i] is null && (field.IsNullable || !from.Fields[i].IsNullable);
        }

        if (rules.IsInput && from.Fields.FirstOrDefault(f => Index(to, f.Name) < 0) is { } unknown)
        {
            throw rules.Column($"{column}.{unknown.Name}", "is not one of the table's", "Leave it out, or add it to the table's schema");
        }

        return same ? null : data =>
        {
            var children = new ArrayData[sources.Length];
            for (int i = 0; i < children.Length; i++)
            {
                var source = sources[i] < 0 ? null : data.Children[sources[i]];
                children[i] = source is null ? fills[i]!(data.Length) : casts[i] is { } cast ? cast(source) : source.Retain();
                if (!to.Fields[i].IsNullable)
                {
                    RefuseNulls(data, children[i], $"{column}.{to.Fields[i].Name}", rules);
                }
            }

            return new ArrayData(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain()], children);
        };
    }

    private static int Index(StructType type, string? name)
    {
        for (int i = 0; i < type.Fields.Count; i++)
        {
            if (type.Fields[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A field that must not be null may be where the whole struct is null.</summary>
    private static void RefuseNulls(ArrayData parent, ArrayData child, string column, CastRules rules)
    {
        if (child.GetNullCount() == 0)
        {
            return;
        }

        for (int row = 0; row < parent.Length; row++)
        {
            if (ArrayValue.IsNull(child, row) && !ArrayValue.IsNull(parent, row))
            {
                throw rules.Value(column, row, "must not be null, but is");
            }
        }
    }
}
