using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Services;

/// <summary>Keys of one column after the other, each value whole: text and bytes end with a mark that sorts before all of their bytes.</summary>
internal sealed class LinearKeys(IReadOnlyList<string> columns) : SortKeys
{
    private const byte Null = 0;
    private const byte Value = 1;

    public override BinaryArray Of(RecordBatch rows)
    {
        var arrays = columns.Select(c => Kernels.Decode(rows.Column(c))).ToList();
        var keys = new BinaryArray.Builder().Reserve(rows.Length);
        var key = new List<byte>(64);
        for (var row = 0; row < rows.Length; row++)
        {
            key.Clear();
            foreach (var array in arrays)
            {
                Append(key, array, row);
            }

            keys.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(key));
        }

        return keys.Build();
    }

    private static void Append(List<byte> key, IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            key.Add(Null);
            return;
        }

        key.Add(Value);
        switch (array)
        {
            case FixedSizeBinaryArray and not Decimal128Array:
                key.AddRange(((FixedSizeBinaryArray)array).GetBytes(row));
                break;
            case Decimal128Array decimals:
                Span<byte> number = stackalloc byte[16];
                BinaryPrimitives.WriteInt128BigEndian(number, BinaryPrimitives.ReadInt128LittleEndian(decimals.ValueBuffer.Span.Slice((decimals.Offset + row) * 16, 16)));
                number[0] ^= 0x80;
                key.AddRange(number);
                break;
            case BinaryArray bytes:
                AppendEscaped(key, bytes.GetBytes(row));
                break;
            default:
                Span<byte> word = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(word, Word(array, row));
                key.AddRange(word);
                break;
        }
    }

    private static void AppendEscaped(List<byte> key, ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            key.Add(b);
            if (b == 0)
            {
                key.Add(0xFF);
            }
        }

        key.Add(0);
        key.Add(0);
    }
}
