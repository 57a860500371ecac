namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// A footer for the same column chunks that shows Parquet.Net every leaf as a column of its own, under groups of one child each and without annotations. So it decodes pages
/// into physical values and levels, and its reading of nested and annotated types, which loses fields of records in lists and digits of decimals, has no part in it.
/// </summary>
internal static class PlainFooter
{
    public static ReadOnlyMemory<byte> Create(ParquetFooter footer)
    {
        var leaves = footer.Root.Leaves;
        var schema = new List<SchemaElement> { new() { Name = "plain", NumChildren = leaves.Count } };
        var paths = new List<string[]>(leaves.Count);
        foreach (var leaf in leaves)
        {
            paths.Add(Add(schema, footer.Root, leaf, paths.Count));
        }

        var plain = new ParquetFooter { Schema = schema, NumRows = footer.NumRows };
        foreach (var group in footer.RowGroups)
        {
            var columns = new List<ColumnChunkMetadata>(leaves.Count);
            for (int i = 0; i < leaves.Count; i++)
            {
                var chunk = group.Columns[i].MoveTo(group.Columns[i].Start);
                chunk.PathInSchema = paths[i];
                chunk.Statistics = null;
                chunk.KeyValues = null;
                columns.Add(chunk);
            }

            plain.RowGroups.Add(new RowGroupMetadata { Columns = columns, NumRows = group.NumRows, TotalByteSize = group.TotalByteSize });
        }

        return plain.ToTail();
    }

    private static string[] Add(List<SchemaElement> schema, SchemaNode root, SchemaNode leaf, int number)
    {
        string[] path = new string[leaf.Path.Length];
        var node = root;
        for (int depth = 0; depth < path.Length; depth++)
        {
            string name = leaf.Path[depth];
            node = node.Children.Find(child => child.Name == name && number >= child.FirstLeaf && number < child.FirstLeaf + child.LeafCount)!;
            path[depth] = depth == 0 ? "c" + number : "e";
            schema.Add(new SchemaElement
            {
                Name = path[depth],
                Repetition = node.Repetition,
                Type = node.Element.Type,
                TypeLength = node.Element.TypeLength,
                NumChildren = node.IsLeaf ? null : 1,
            });
        }

        return path;
    }
}
