using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// Puts runs of rows of several arrays of one type into a new array with offset 0. This is the only code that copies rows: take, interleave, concat and filter are this with other runs.
/// The runs must lie within their sources; what is read from buffers (list and string offsets) is checked here.
/// </summary>
internal static partial class Gather
{
    public static ArrayData Run(ArrayData[] sources, RowRuns rows)
    {
        var type = sources[0].DataType;
        return type.TypeId switch
        {
            ArrowTypeId.Null => new ArrayData(type, rows.Length, rows.Length, 0, System.Array.Empty<ArrowBuffer>(), System.Array.Empty<ArrayData>()),
            ArrowTypeId.Boolean => Booleans(sources, rows),
            ArrowTypeId.String or ArrowTypeId.Binary => Variable<int>(sources, rows),
            ArrowTypeId.LargeString or ArrowTypeId.LargeBinary => Variable<long>(sources, rows),
            ArrowTypeId.List or ArrowTypeId.Map => Lists<int>(sources, rows),
            ArrowTypeId.LargeList => Lists<long>(sources, rows),
            ArrowTypeId.FixedSizeList => FixedSizeLists(sources, rows, ((FixedSizeListType)type).ListSize),
            ArrowTypeId.Struct => Structs(sources, rows),
            ArrowTypeId.Dictionary => Dictionaries(sources, rows),
            _ when type is FixedWidthType { BitWidth: var bits } && bits % 8 == 0 => FixedWidth(sources, rows, bits / 8),
            _ => throw Corrupt.Unsupported(type),
        };
    }

    private static ArrayData Result(ArrayData like, RowRuns rows, Validity validity, ArrowBuffer[] values, ArrayData[]? children = null, ArrayData? dictionary = null) =>
        new(like.DataType, rows.Length, validity.NullCount, 0, [validity.Bitmap, .. values], children ?? [], dictionary);

    private readonly record struct Validity(ArrowBuffer Bitmap, int NullCount);

    private static unsafe Validity Nulls(ArrayData[] sources, RowRuns rows)
    {
        bool any = rows.HasNullRuns;
        foreach (var source in sources)
        {
            any |= source.Length > 0 && source.GetNullCount() != 0;
        }

        if (!any || rows.Length == 0)
        {
            return new Validity(ArrowBuffer.Empty, 0);
        }

        var bitmap = Buffers.AllocateZeroed(Buffers.BitmapBytes(rows.Length));
        CopyBits(sources, rows, 0, bitmap);
        int nulls = rows.Length - BitUtility.CountBits(bitmap, 0, rows.Length);
        return nulls == 0 ? new Validity(ArrowBuffer.Empty, 0) : new Validity(Buffers.ToArrow(bitmap), nulls);
    }

    private static ArrayData Booleans(ArrayData[] sources, RowRuns rows)
    {
        var bits = Buffers.AllocateZeroed(Buffers.BitmapBytes(rows.Length));
        CopyBits(sources, rows, 1, bits);
        return Result(sources[0], rows, Nulls(sources, rows), [Buffers.ToArrow(bits)]);
    }

    /// <summary>Copies bits of the validity bitmap (buffer 0, where an absent one means all ones) or of a boolean's values (buffer 1).</summary>
    private static unsafe void CopyBits(ArrayData[] sources, RowRuns rows, int buffer, byte[] target)
    {
        var pinned = buffer == 0 ? System.Array.ConvertAll(sources, s => s.Buffers[0].IsEmpty ? new ArrayData(s.DataType, 0, 0, 0, System.Array.Empty<ArrowBuffer>(), System.Array.Empty<ArrayData>()) : s) : sources;
        using var bits = new PinnedSources(pinned, buffer, 1);
        fixed (byte* to = target)
        {
            long at = 0;
            foreach (ref readonly var run in rows.Runs)
            {
                if (run.Start >= 0 && bits[run.Source] != null)
                {
                    Bits.Copy(bits[run.Source], (long)sources[run.Source].Offset + run.Start, to, at, run.Length);
                }
                else if (run.Start >= 0 && buffer == 0)
                {
                    Bits.Fill(to, at, run.Length);
                }

                at += run.Length;
            }
        }
    }
}
