using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Arrow arrays from levels and values (Dremel's record assembly, column by column). A node has a slot for each entry of its first leaf that begins a new element of the
/// innermost list around it (repetition level at most that list's) and where that list has an element at all (definition level at least that list's repeated node's).
/// </summary>
internal sealed class ArrowAssembler(IReadOnlyDictionary<int, LeafColumn> leaves, string path)
{
    /// <param name="field">The node's Arrow field, of <see cref="ParquetToArrow"/>.</param>
    public ArrayData Assemble(SchemaNode node, Field field) => Build(node, field.DataType, 0, 0);

    /// <param name="repetition">Lists around the node.</param>
    /// <param name="defined">The least definition level of an entry that is a slot.</param>
    private ArrayData Build(SchemaNode node, IArrowType type, int repetition, int defined)
    {
        if (node.Repetition == ParquetRepetition.Repeated && node.MaxRepetition > repetition && type is ListType bare)
        {
            // A repeated field outside a LIST or MAP.
            var items = BuildValue(node, bare.ValueDataType, repetition + 1, node.MaxDefinition);
            return List(node, bare, items, repetition, defined, present: defined, repeated: node.MaxDefinition);
        }

        return BuildValue(node, type, repetition, defined);
    }

    private ArrayData BuildValue(SchemaNode node, IArrowType type, int repetition, int defined)
    {
        switch (ParquetToArrow.KindOf(node))
        {
            case ParquetGroupKind.Leaf:
                return LeafArray.Build(leaves[node.FirstLeaf], type, defined, path);
            case ParquetGroupKind.List when type is ListType list:
                var repeated = node.Children[0];
                var items = ParquetToArrow.IsElement(node, repeated)
                    ? BuildValue(repeated, list.ValueDataType, repetition + 1, repeated.MaxDefinition)
                    : Build(repeated.Children[0], list.ValueDataType, repetition + 1, repeated.MaxDefinition);
                return List(node, list, items, repetition, defined, node.MaxDefinition, repeated.MaxDefinition);
            case ParquetGroupKind.Map when type is MapType map:
                var entry = node.Children[0];
                var key = Build(entry.Children[0], map.KeyField.DataType, repetition + 1, entry.MaxDefinition);
                var value = Build(entry.Children[1], map.ValueField.DataType, repetition + 1, entry.MaxDefinition);
                var entries = new ArrayData(map.KeyValueType, key.Length, 0, 0, [ArrowBuffer.Empty], [key, value]);
                return List(node, map, entries, repetition, defined, node.MaxDefinition, entry.MaxDefinition);
            default:
                var fields = ((StructType)type).Fields;
                var children = new ArrayData[fields.Count];
                for (int i = 0; i < children.Length; i++)
                {
                    // A null struct has slots in its children too, hence the same bound.
                    children[i] = Build(node.Children[i], fields[i].DataType, repetition, defined);
                }

                var (validity, nulls, length) = Validity(node, repetition, defined, node.MaxDefinition);
                return new ArrayData(type, length, nulls, 0, [validity], children);
        }
    }

    /// <param name="present">The least definition level of a list that is not null.</param>
    /// <param name="repeated">The least definition level of an entry that is an element.</param>
    private ArrayData List(SchemaNode node, IArrowType type, ArrayData items, int repetition, int defined, int present, int repeated)
    {
        var leaf = leaves[node.FirstLeaf];
        var definitions = leaf.Definitions;
        var repetitions = leaf.Repetitions;
        var (validity, nulls, length) = Validity(node, repetition, defined, present);
        int[] offsets = new int[length + 1];
        int slot = 0, count = 0;
        for (int i = 0; i < definitions.Length; i++)
        {
            if (definitions[i] >= defined && repetitions[i] <= repetition)
            {
                offsets[slot++] = count;
            }

            if (definitions[i] >= repeated && repetitions[i] <= repetition + 1)
            {
                count++;
            }
        }

        offsets[slot] = count;
        if (count != items.Length)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The columns of '{node.DottedPath}' disagree about how many elements there are", path: path);
        }

        return new ArrayData(type, length, nulls, 0, [validity, Buffer(offsets)], [items]);
    }

    private (ArrowBuffer Bits, int Nulls, int Length) Validity(SchemaNode node, int repetition, int defined, int present)
    {
        var leaf = leaves[node.FirstLeaf];
        var definitions = leaf.Definitions;
        var repetitions = leaf.Repetitions;
        if (definitions.IsEmpty)
        {
            return (ArrowBuffer.Empty, 0, leaf.Entries);
        }

        byte[] bits = new byte[(definitions.Length + 7) / 8];
        int length = 0, nulls = 0;
        for (int i = 0; i < definitions.Length; i++)
        {
            if (definitions[i] < defined || (repetitions.Length > 0 && repetitions[i] > repetition))
            {
                continue;
            }

            if (definitions[i] >= present)
            {
                bits[length >> 3] |= (byte)(1 << (length & 7));
            }
            else
            {
                nulls++;
            }

            length++;
        }

        return (nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(bits), nulls, length);
    }

    internal static ArrowBuffer Buffer<T>(T[] values)
        where T : unmanaged => new(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
