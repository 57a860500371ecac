using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Passes over one field of each record, compiled as <see cref="AvroColumn{TValue}"/> is: a read of few columns spends its time here.</summary>
internal sealed class AvroSkipped<TValue>(AvroType type, TValue value) : AvroStep
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

                return;
            }
        }

        value.Read(ref input);
    }
}

internal readonly struct SkippedText : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => input.ReadBytes();
}

internal readonly struct SkippedNumber : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => input.ReadLong();
}

internal readonly struct SkippedBytes(int count) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => input.ReadFixed(count);
}
