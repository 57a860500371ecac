using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>A column of a batch by its name, nested ones as a.b (HoodieAvroUtils.getNestedFieldVal).</summary>
internal readonly struct ColumnPath
{
    private readonly IArrowArray[] parents;

    private ColumnPath(string name, IArrowArray leaf, IArrowArray[] parents)
    {
        Name = name;
        Leaf = leaf;
        this.parents = parents;
    }

    public string Name { get; }

    public IArrowArray Leaf { get; }

    public bool IsNullable => Leaf.NullCount != 0 || parents.Any(p => p.NullCount != 0);

    /// <summary>The top-level column: the whole name where there is one of that name, else what is before the first dot.</summary>
    public static string TopLevel(string field) => field.IndexOf('.') is var dot and > 0 ? field[..dot] : field;

    public static ColumnPath Resolve(RecordBatch batch, string field)
    {
        string[] names = field.Split('.');
        int index = batch.Schema.GetFieldIndex(names[0]);
        if (index < 0)
        {
            throw Missing(field);
        }

        var array = batch.Column(index);
        var parents = new IArrowArray[names.Length - 1];
        for (int i = 1; i < names.Length; i++)
        {
            var type = (array as StructArray)?.Data.DataType as Apache.Arrow.Types.StructType ?? throw Missing(field);
            int child = type.GetFieldIndex(names[i]);
            if (child < 0)
            {
                throw Missing(field);
            }

            parents[i - 1] = array;
            array = ((StructArray)array).Fields[child];
        }

        return new ColumnPath(field, array, parents);
    }

    /// <summary>Refuses a field that a table does not have.</summary>
    public static void Require(Schema schema, string field)
    {
        var fields = schema.FieldsList;
        foreach (string name in field.Split('.'))
        {
            var found = fields.FirstOrDefault(f => f.Name == name)
                ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The table has no column '{field}', which its record key or partition path is made of",
                    remedy: "Name columns that the table has");
            fields = (found.DataType as Apache.Arrow.Types.StructType)?.Fields ?? [];
        }
    }

    public bool IsNull(int row) => Leaf.IsNull(row) || HasNullParent(row);

    /// <summary>The record that should hold the value is itself null.</summary>
    public bool HasNullParent(int row)
    {
        foreach (var parent in parents)
        {
            if (parent.IsNull(row))
            {
                return true;
            }
        }

        return false;
    }

    private static LakehouseException Missing(string field) =>
        new(LakehouseErrorKind.InvalidInput, $"The input has no column '{field}', which the table's record key or partition path is made of", remedy: "Add the column");
}
