using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Reads the values of one field into a column. A struct, so that each column's loop is compiled with its own reading in it.</summary>
internal interface IAvroValue
{
    void Read(ref AvroInput input);
}

/// <summary>
/// Reads one field of each record into a column. Nulls are told here, by the branch of the union; the rest reads values. Compiled at once with all that it calls: a log is often read
/// once, and whole, before the runtime would find out that this is where the time goes.
/// </summary>
internal sealed class AvroColumn<TValue>(AvroType type, ColumnBuilder builder, TValue value) : AvroStep
    where TValue : struct, IAvroValue
{
    private readonly bool _isUnion = type.Branch >= 0 || type.NullBranch >= 0;
    private readonly int _nullBranch = type.NullBranch;
    private readonly int _branch = type.Branch;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Read(ref AvroInput input)
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

        value.Read(ref input);
    }
}
