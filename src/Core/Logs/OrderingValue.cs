using System.Numerics;
using OllaLab.Lakehouse.AvroRows;

namespace OllaLab.Lakehouse.Logs;

/// <summary>One ordering value of a delete record, as the branch says: integers of any kind in <see cref="Integer"/>, floats in <see cref="Number"/>, the rest in <see cref="Bytes"/>.</summary>
internal readonly ref struct OrderingValue
{
    /// <summary>The scale to which Hudi brings every decimal (AvroWrapperUtils).</summary>
    public const int DecimalScale = 15;

    private OrderingValue(OrderingBranch branch, long integer = 0, double number = 0, ReadOnlySpan<byte> bytes = default)
    {
        Branch = branch;
        Integer = integer;
        Number = number;
        Bytes = bytes;
    }

    public OrderingBranch Branch { get; }

    public long Integer { get; }

    public double Number { get; }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Whether the value orders nothing: none at all, or the int 0 that Hudi writes for none (OrderingValues.getDefault). A long 0 is a value.</summary>
    public bool IsDefault => Branch == OrderingBranch.Null || (Branch == OrderingBranch.Int && Integer == 0);

    /// <summary>The unscaled value of a decimal.</summary>
    public BigInteger Unscaled => new(Bytes, isBigEndian: true);

    /// <summary>Reads a value that is no array; of an array only the branch, after which <see cref="AvroInput"/> stands on it.</summary>
    public static OrderingValue Read(ref AvroInput input, bool isItem)
    {
        int number = input.ReadInt();
        var branch = (OrderingBranch)number;
        return branch switch
        {
            OrderingBranch.Null => new(branch),
            OrderingBranch.Boolean => new(branch, input.ReadBoolean() ? 1 : 0),
            OrderingBranch.Int or OrderingBranch.Date => new(branch, input.ReadInt()),
            OrderingBranch.Long or OrderingBranch.TimeMicros or OrderingBranch.TimestampMicros => new(branch, input.ReadLong()),
            OrderingBranch.Float => new(branch, number: input.ReadFloat()),
            OrderingBranch.Double => new(branch, number: input.ReadDouble()),
            OrderingBranch.Bytes or OrderingBranch.String or OrderingBranch.Decimal => new(branch, bytes: input.ReadBytes()),
            OrderingBranch.Array when !isItem => new(branch),
            _ => throw AvroSkip.NoBranch(number),
        };
    }

    public static void Skip(ref AvroInput input, bool isItem)
    {
        if (Read(ref input, isItem).Branch != OrderingBranch.Array || input.ReadInt() == 0)
        {
            return;
        }

        for (int count = input.ReadBlockCount(); count > 0; count = input.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                Read(ref input, isItem: true);
            }
        }
    }
}
