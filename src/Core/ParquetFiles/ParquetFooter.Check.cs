namespace OllaLab.Lakehouse.ParquetFiles;

/// <content>What must hold of a footer before anything is read by it.</content>
internal sealed partial class ParquetFooter
{
    /// <param name="dataEnd">Where the footer begins: no chunk reaches beyond.</param>
    private void Check(long dataEnd)
    {
        var leaves = Root.Leaves;
        long rows = 0;
        foreach (var group in RowGroups)
        {
            if (group.NumRows < 0 || rows + group.NumRows < rows)
            {
                throw Corrupt(Path, $"a row group has {group.NumRows} rows");
            }

            rows += group.NumRows;
            if (group.Columns.Count != leaves.Count)
            {
                throw Corrupt(Path, $"a row group has {group.Columns.Count} columns where the schema has {leaves.Count}");
            }

            for (int i = 0; i < leaves.Count; i++)
            {
                CheckChunk(group.Columns[i], leaves[i], group.NumRows, dataEnd);
            }
        }

        if (rows != NumRows)
        {
            throw Corrupt(Path, $"its row groups have {rows} rows and the footer says {NumRows}");
        }

        if (ColumnOrders is { } orders && orders.Count != leaves.Count)
        {
            throw Corrupt(Path, $"it has {orders.Count} column orders for {leaves.Count} columns");
        }
    }

    private void CheckChunk(ColumnChunkMetadata chunk, SchemaNode leaf, long rows, long dataEnd)
    {
        if (chunk.FilePath is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Column '{leaf.DottedPath}' lies in another file ('{chunk.FilePath}')", path: Path, remedy: "Rewrite the file as one");
        }

        if (chunk.Type != leaf.Element.Type || !chunk.PathInSchema.AsSpan().SequenceEqual(leaf.Path))
        {
            throw Corrupt(Path, $"the chunk of column '{leaf.DottedPath}' is one of another column");
        }

        // A row has at least one value, present or null, in every leaf; more only where the leaf is repeated.
        if (chunk.NumValues < rows || (leaf.MaxRepetition == 0 && chunk.NumValues != rows))
        {
            throw Corrupt(Path, $"column '{leaf.DottedPath}' has {chunk.NumValues} values in a row group of {rows} rows");
        }

        long start = chunk.Start;
        if (chunk.TotalCompressedSize < 0 || chunk.TotalUncompressedSize < 0 || start < 0 || start > dataEnd || chunk.TotalCompressedSize > dataEnd - start
            || (chunk.TotalCompressedSize > 0 && (start < Magic.Length || chunk.DataPageOffset > start + chunk.TotalCompressedSize)))
        {
            throw Corrupt(Path, $"column '{leaf.DottedPath}' is said to lie at byte {start} with {chunk.TotalCompressedSize} bytes, outside the file's data");
        }

        if (chunk.NumValues > 0 && chunk.TotalCompressedSize == 0)
        {
            throw Corrupt(Path, $"column '{leaf.DottedPath}' has {chunk.NumValues} values in 0 bytes");
        }
    }
}
