using Apache.Arrow;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The columns of a request, found in a file.</summary>
/// <param name="Nodes">The top-level nodes in the order asked for.</param>
/// <param name="Schema">Their fields in the same order.</param>
/// <param name="RowGroups">The row groups asked for.</param>
internal sealed record ColumnSelection(SchemaNode[] Nodes, Schema Schema, int[] RowGroups)
{
    /// <summary>Numbers of all leaves under the nodes, ascending.</summary>
    public int[] Leaves => [.. Nodes.SelectMany(node => Enumerable.Range(node.FirstLeaf, node.LeafCount)).Order()];

    public static ColumnSelection Create(ParquetFooter footer, Schema schema, ParquetReadRequest request, string path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchRows, 1);
        int[] groups = request.RowGroups is { } asked ? [.. asked] : [.. Enumerable.Range(0, footer.RowGroups.Count)];
        for (int i = 0; i < groups.Length; i++)
        {
            if (groups[i] < 0 || groups[i] >= footer.RowGroups.Count || (i > 0 && groups[i] <= groups[i - 1]))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Row group {groups[i]} is not one of {footer.RowGroups.Count}, or not in ascending order", path: path);
            }
        }

        var children = footer.Root.Children;
        if (request.Columns is not { } names)
        {
            return new ColumnSelection([.. children], schema, groups);
        }

        var nodes = new SchemaNode[names.Count];
        var fields = new Field[names.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            int at = children.FindIndex(node => node.Name == names[i]);
            if (at < 0)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The file has no column '{names[i]}'", path: path);
            }

            nodes[i] = System.Array.IndexOf(nodes, children[at]) < 0
                ? children[at]
                : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column '{names[i]}' is asked for twice", path: path);
            fields[i] = schema.FieldsList[at];
        }

        return new ColumnSelection(nodes, new Schema(fields, null), groups);
    }

    /// <summary>Where the chosen columns of a row group lie in the file.</summary>
    public IEnumerable<(long Start, long Length)> Ranges(RowGroupMetadata group) =>
        Leaves.Select(leaf => (group.Columns[leaf].Start, group.Columns[leaf].TotalCompressedSize));

    /// <summary>Whether rows but no columns are wanted.</summary>
    public bool IsEmpty => Nodes.Length == 0;
}
