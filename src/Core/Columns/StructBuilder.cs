using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Structs. Append one value to each of <see cref="Fields"/>, then <see cref="Append"/>.</summary>
internal sealed class StructBuilder(StructType type) : ColumnBuilder(type)
{
    private readonly bool[] _nullable = [.. type.Fields.Select(f => f.IsNullable)];

    public ColumnBuilder[] Fields { get; } = [.. type.Fields.Select(f => ColumnBuilders.Create(f.DataType))];

    public void Append() => MarkValid();

    protected override void AppendEmpty()
    {
        for (int i = 0; i < Fields.Length; i++)
        {
            // Parquet writers refuse a null in a field declared without nulls, even under a null struct.
            if (_nullable[i])
            {
                Fields[i].AppendNull();
            }
            else
            {
                Fields[i].AppendDefault();
            }
        }
    }

    protected override ArrayData FinishValues(ArrowBuffer validity) =>
        new(Type, Length, NullCount, 0, [validity], [.. Fields.Select(f => f.Finish())]);
}
