using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Places on a Z-order or Hilbert curve through the space of the columns, of 64 bits each (hoodie.layout.optimize.curve.build.method=DIRECT). Where on its axis a value lies, of those that a
/// batch has between its least and its greatest, is not asked for: a column whose values differ in higher bits counts for more.
/// </summary>
internal sealed class CurveKeys(IReadOnlyList<string> columns, bool hilbert) : SortKeys
{
    private const int Bits = 64;

    public override BinaryArray Of(RecordBatch rows)
    {
        var arrays = columns.Select(c => Kernels.Decode(rows.Column(c))).ToList();
        var keys = new BinaryArray.Builder().Reserve(rows.Length);
        Span<ulong> axes = stackalloc ulong[columns.Count];
        Span<byte> key = stackalloc byte[columns.Count * sizeof(ulong)];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var i = 0; i < axes.Length; i++)
            {
                axes[i] = arrays[i].IsNull(row) ? 0 : Word(arrays[i], row);
            }

            if (hilbert)
            {
                ToHilbert(axes);
            }

            Interleave(axes, key);
            keys.Append(key);
        }

        return keys.Build();
    }

    /// <summary>The bits of all axes, the highest of each first.</summary>
    internal static void Interleave(ReadOnlySpan<ulong> axes, Span<byte> key)
    {
        key.Clear();
        var at = 0;
        for (var bit = Bits - 1; bit >= 0; bit--)
        {
            foreach (var axis in axes)
            {
                key[at >> 3] |= (byte)(((axis >> bit) & 1) << (7 - (at & 7)));
                at++;
            }
        }
    }

    /// <summary>Coordinates to the transposed index on the curve (J. Skilling, "Programming the Hilbert curve", 2004: AxestoTranspose).</summary>
    internal static void ToHilbert(Span<ulong> axes)
    {
        for (var bit = 1UL << (Bits - 1); bit > 1; bit >>= 1)
        {
            var below = bit - 1;
            for (var i = 0; i < axes.Length; i++)
            {
                if ((axes[i] & bit) != 0)
                {
                    axes[0] ^= below;
                }
                else
                {
                    var swapped = (axes[0] ^ axes[i]) & below;
                    axes[0] ^= swapped;
                    axes[i] ^= swapped;
                }
            }
        }

        for (var i = 1; i < axes.Length; i++)
        {
            axes[i] ^= axes[i - 1];
        }

        var gray = 0UL;
        for (var bit = 1UL << (Bits - 1); bit > 1; bit >>= 1)
        {
            if ((axes[^1] & bit) != 0)
            {
                gray ^= bit - 1;
            }
        }

        for (var i = 0; i < axes.Length; i++)
        {
            axes[i] ^= gray;
        }
    }
}
