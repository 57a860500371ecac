using Apache.Arrow;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>A predicate checked against a schema: it selects rows of batches of that schema, and tells from statistics whether there can be any.</summary>
internal abstract class BoundPredicate
{
    // Three-valued logic in one byte, ordered so that AND is the smaller, OR the greater and NOT 2 - x.
    public const byte False = 0;
    public const byte Unknown = 1;
    public const byte True = 2;

    /// <summary>Which rows are selected: a mask without nulls, true where the predicate is true (not false, not unknown).</summary>
    public BooleanArray Select(RecordBatch batch)
    {
        var results = new byte[batch.Length];
        Evaluate(batch, results);
        var bits = new byte[(batch.Length + 7) / 8];
        for (int i = 0; i < results.Length; i++)
        {
            bits[i >> 3] |= (byte)((results[i] >> 1) << (i & 7));
        }

        return new BooleanArray(new ArrowBuffer(bits), ArrowBuffer.Empty, batch.Length, 0, 0);
    }

    /// <summary>Whether rows with these statistics may be selected. False is certain; true is not.</summary>
    public bool MightMatch(IColumnStatistics statistics) => (Outcomes(statistics) & Possible.True) != 0;

    /// <summary>Writes <see cref="False"/>, <see cref="Unknown"/> or <see cref="True"/> for each row.</summary>
    public abstract void Evaluate(RecordBatch batch, Span<byte> results);

    /// <summary>What the predicate may come out as among rows with these statistics. Never claims less than there is.</summary>
    public abstract Possible Outcomes(IColumnStatistics statistics);
}

/// <summary>Outcomes of a predicate that some row may have; a row may be unknown besides.</summary>
[Flags]
internal enum Possible
{
    None = 0,
    True = 1,
    False = 2,
    Both = True | False,
}
