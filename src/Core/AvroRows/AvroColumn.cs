using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Reads one field of each record into a column. Nulls are told here, by the branch of the union; the rest reads values.</summary>
internal abstract class AvroColumn(AvroType type, ColumnBuilder builder) : AvroStep
{
    private readonly bool _isUnion = type.Branch >= 0 || type.NullBranch >= 0;
    private readonly int _nullBranch = type.NullBranch;
    private readonly int _branch = type.Branch;

    public sealed override void Read(ref AvroInput input)
    {
        if (_isUnion)
        {
            long branch = input.ReadLong();
            if (branch != _branch)
            {
                if (branch != _nullBranch)
                {
                    throw AvroSkip.NoBranch((int)branch);
                }

                builder.AppendNull();
                return;
            }
        }

        ReadValue(ref input);
    }

    protected abstract void ReadValue(ref AvroInput input);
}
