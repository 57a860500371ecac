namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Where a routed row is written, as one number that sorts: the write target (22 bits), then the row's position in the target's base file (41 bits), new rows after all
/// stored ones in the order they came.
/// </summary>
internal static class RowOrder
{
    public const int MaxTarget = (1 << 22) - 1;
    private const int PositionBits = 41;
    private const long FirstInsert = 1L << 40;
    private const long PositionMask = (1L << PositionBits) - 1;

    /// <summary>A stored row; position below 2^40.</summary>
    public static long Stored(int target, long position) => ((long)target << PositionBits) | position;

    /// <summary>The n-th new row of the write.</summary>
    public static long Insert(int target, long n) => ((long)target << PositionBits) | FirstInsert | n;

    public static int Target(long order) => (int)(order >> PositionBits);

    public static bool IsInsert(long order) => (order & FirstInsert) != 0;

    /// <summary>Position in the base file; only for a stored row.</summary>
    public static long Position(long order) => order & PositionMask;
}
