using System.Buffers;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Filtering;

internal sealed class BoundJunction(BoundPredicate left, BoundPredicate right, bool all) : BoundPredicate
{
    public override void Evaluate(RecordBatch batch, Span<byte> results)
    {
        left.Evaluate(batch, results);
        var scratch = ArrayPool<byte>.Shared.Rent(results.Length);
        var others = scratch.AsSpan(0, results.Length);
        right.Evaluate(batch, others);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = all ? Math.Min(results[i], others[i]) : Math.Max(results[i], others[i]);
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }

    public override Possible Outcomes(IColumnStatistics statistics)
    {
        var (a, b) = (left.Outcomes(statistics), right.Outcomes(statistics));
        var (both, either) = (a & b, a | b);
        return all ? (both & Possible.True) | (either & Possible.False) : (either & Possible.True) | (both & Possible.False);
    }
}

internal sealed class BoundNot(BoundPredicate condition) : BoundPredicate
{
    public override void Evaluate(RecordBatch batch, Span<byte> results)
    {
        condition.Evaluate(batch, results);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = (byte)(True - results[i]);
        }
    }

    public override Possible Outcomes(IColumnStatistics statistics) => condition.Outcomes(statistics) switch
    {
        Possible.True => Possible.False,
        Possible.False => Possible.True,
        var same => same,
    };
}

internal sealed class BoundConstant(bool value) : BoundPredicate
{
    public override void Evaluate(RecordBatch batch, Span<byte> results) => results.Fill(value ? True : False);

    public override Possible Outcomes(IColumnStatistics statistics) => value ? Possible.True : Possible.False;
}
