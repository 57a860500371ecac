namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Where a routed row is written, as one number that sorts: the write target (22 bits), then the row's position in the target's base file (40 bits), new rows after all stored ones in the order they came, and one bit for
/// whether what is stored only goes.
/// </summary>
internal static class RowOrder
{
    public const int MaxTarget = (1 << 22) - 1;
    private const int PositionBits = 41;
    private const long FirstInsert = 1L << 40;
    private const long PositionMask = (1L << PositionBits) - 1;

    /// <summary>A stored row; position below 2^39.</summary>
    public static long Stored(int target, long position) => ((long)target << PositionBits) | (position << 1);

    /// <summary>The same for a row that is no change of what is stored there: that goes, whatever it holds.</summary>
    public static long Gone(long order) => order | 1;

    /// <summary>The n-th new row of the write, below 2^39.</summary>
    public static long Insert(int target, long n) => ((long)target << PositionBits) | FirstInsert | (n << 1);

    public static int Target(long order) => (int)(order >> PositionBits);

    public static bool IsInsert(long order) => (order & FirstInsert) != 0;

    /// <summary>Position in the base file; only for a stored row.</summary>
    public static long Position(long order) => (order & PositionMask) >> 1;

    /// <summary>Whether the stored row goes.</summary>
    public static bool IsGone(long order) => (order & 1) != 0;
}
