using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Writing;

/// <summary>By write target, then position in its base file, new rows last (<see cref="RowOrder"/>): what a merge needs. Rows with a negative order are dropped.</summary>
internal sealed class PositionOrder : StagedOrder
{
    public override int Group(StagedBatch batch, int row) => RowOrder.Target(batch.Order[row]);

    public override int Compare(StagedBatch a, int i, StagedBatch b, int j) => a.Order[i].CompareTo(b.Order[j]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override RowPlace[] Sort(IReadOnlyList<StagedBatch> batches)
    {
        var total = batches.Sum(b => b.Length);
        var orders = new long[total];
        var places = new RowPlace[total];
        var n = 0;
        for (var b = 0; b < batches.Count; b++)
        {
            var order = batches[b].Order;
            for (var i = 0; i < order.Length; i++)
            {
                if (order[i] >= 0)
                {
                    orders[n] = order[i];
                    places[n++] = new RowPlace(b, i);
                }
            }
        }

        Array.Sort(orders, places, 0, n);
        return places[..n];
    }
}
