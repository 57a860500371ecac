using Apache.Arrow;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Batches without columns: a caller that only counts rows, or whose columns are all missing from the file.</summary>
internal static class EmptyBatches
{
    public static IEnumerable<ParquetBatch> Of(ParquetFooter footer, ColumnSelection selection, int batchRows)
    {
        foreach (int rowGroup in selection.RowGroups)
        {
            long firstRow = footer.FirstRowOf(rowGroup);
            for (long left = footer.RowGroups[rowGroup].NumRows; left > 0;)
            {
                int rows = (int)Math.Min(left, batchRows);
                yield return new ParquetBatch(new RecordBatch(selection.Schema, System.Array.Empty<IArrowArray>(), rows), rowGroup, firstRow);
                firstRow += rows;
                left -= rows;
            }
        }
    }
}
