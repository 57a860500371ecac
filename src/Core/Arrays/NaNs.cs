using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Finds NaN, of which statistics in Parquet files say nothing.</summary>
internal static class NaNs
{
    /// <summary>The leaves of a column in the order of its Parquet form, depth first: each with whether it holds a NaN. A NaN under a null counts.</summary>
    public static IEnumerable<bool> OfLeaves(ArrayData data) => data.DataType is NestedType
        ? data.Children.SelectMany(OfLeaves)
        : [Any(data)];

    private static bool Any(ArrayData data) => data.DataType switch
    {
        FloatType => Any(MemoryMarshal.Cast<byte, float>(data.Buffers[1].Span).Slice(data.Offset, data.Length)),
        DoubleType => Any(MemoryMarshal.Cast<byte, double>(data.Buffers[1].Span).Slice(data.Offset, data.Length)),
        _ => false,
    };

    private static bool Any<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (var value in values)
        {
            if (T.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }
}
