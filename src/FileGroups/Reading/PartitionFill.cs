using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Fills columns that a file lacks and its partition path tells (hoodie.datasource.write.drop.partition.columns).</summary>
internal sealed class PartitionFill
{
    private readonly List<(int Column, IArrowArray Value)> columns;

    /// <param name="wanted">The columns of the rows.</param>
    /// <param name="file">The columns that the file has.</param>
    /// <param name="partition">Arrays of one row, by name.</param>
    public PartitionFill(Schema wanted, Schema file, IReadOnlyDictionary<string, IArrowArray> partition) =>
        columns = [.. wanted.FieldsList.Select((f, i) => (f.Name, i)).Where(c => file.GetFieldIndex(c.Name) < 0 && partition.ContainsKey(c.Name)).Select(c => (c.i, partition[c.Name]))];

    /// <summary>The rows with their values. Takes the batch over.</summary>
    public RecordBatch Apply(RecordBatch rows)
    {
        if (columns.Count == 0)
        {
            return rows;
        }

        var filled = rows.Arrays.ToArray();
        foreach (var (column, value) in columns)
        {
            filled[column].Dispose();
            filled[column] = Kernels.Take(value, new int[rows.Length]);
        }

        return new RecordBatch(rows.Schema, filled, rows.Length);
    }
}
