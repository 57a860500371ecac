using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Encodes the rows of a batch as records of a schema, whose fields are found among the columns by name.</summary>
internal sealed class AvroRowWriter
{
    private readonly AvroFieldWriter[] _fields;

    /// <exception cref="LakehouseException">InvalidInput: a field has no column, or one of another type.</exception>
    public AvroRowWriter(AvroType schema, RecordBatch rows) => _fields = [.. schema.Fields.Select(f => AvroFieldWriters.Create(f.Type, Column(rows, f.Name), f.Name))];

    /// <summary>Writes one row.</summary>
    public void Write(AvroOutput output, int row)
    {
        foreach (var field in _fields)
        {
            field.Write(output, row);
        }
    }

    private static ArrayData Column(RecordBatch rows, string name)
    {
        for (int i = 0; i < rows.Schema.FieldsList.Count; i++)
        {
            if (rows.Schema.FieldsList[i].Name == name)
            {
                return rows.Column(i).Data;
            }
        }

        throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The rows have no column {name}");
    }
}
