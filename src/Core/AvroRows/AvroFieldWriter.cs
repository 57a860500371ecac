using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Writes the values of one column row by row. Nulls are told here, by the branch of the union; the rest writes values.</summary>
internal abstract class AvroFieldWriter(AvroType type, ArrayData data, string column)
{
    private readonly bool _hasNulls = data.GetNullCount() != 0;
    private readonly int _branch = type.Branch;
    private readonly int _nullBranch = type.NullBranch;

    protected ArrayData Data => data;

    public void Write(AvroOutput output, int row)
    {
        if (_hasNulls && ArrayValue.IsNull(data, row))
        {
            output.WriteLong(_nullBranch >= 0 ? _nullBranch : throw NotNullable(row));
            return;
        }

        if (_branch >= 0)
        {
            output.WriteLong(_branch);
        }

        WriteValue(output, row);
    }

    protected abstract void WriteValue(AvroOutput output, int row);

    protected LakehouseException Bad(int row, string problem) =>
        new(LakehouseErrorKind.InvalidInput, $"The column {column} has in row {row} {problem}", remedy: "Correct the value");

    private LakehouseException NotNullable(int row) => Bad(row, "no value, but must not be null");
}
