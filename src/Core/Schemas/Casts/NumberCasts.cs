using System.Globalization;
using System.Numerics;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Between integers, and from integers and floating-point numbers to floating-point numbers.</summary>
internal static class NumberCasts
{
    public static ArrayCast? Create(IArrowType from, IArrowType to, string column, CastRules rules) => from.TypeId switch
    {
        ArrowTypeId.Int8 => FromInteger<sbyte>(from, to, column, rules),
        ArrowTypeId.Int16 => FromInteger<short>(from, to, column, rules),
        ArrowTypeId.Int32 => FromInteger<int>(from, to, column, rules),
        ArrowTypeId.Int64 => FromInteger<long>(from, to, column, rules),
        ArrowTypeId.UInt8 => FromInteger<byte>(from, to, column, rules),
        ArrowTypeId.UInt16 => FromInteger<ushort>(from, to, column, rules),
        ArrowTypeId.UInt32 => FromInteger<uint>(from, to, column, rules),
        ArrowTypeId.UInt64 => FromInteger<ulong>(from, to, column, rules),
        ArrowTypeId.Float when to is DoubleType => data => ValueMap.Fixed<float, double>(data, to, column, rules, rules.IsInput ? Widen : ThroughText),
        ArrowTypeId.Double when to is FloatType && rules.IsInput => data => ValueMap.Fixed<double, float>(data, to, column, rules, Narrow),
        _ => null,
    };

    private static ArrayCast? FromInteger<T>(IArrowType from, IArrowType to, string column, CastRules rules)
        where T : unmanaged, IBinaryInteger<T> => to.TypeId switch
        {
            // Files only widen, by their types; input may hold any integer that fits.
            ArrowTypeId.Int32 when rules.IsInput || from.TypeId is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 =>
                data => ValueMap.Fixed<T, int>(data, to, column, rules, Checked),
            ArrowTypeId.Int64 when rules.IsInput || from.TypeId != ArrowTypeId.UInt64 => data => ValueMap.Fixed<T, long>(data, to, column, rules, Checked),
            ArrowTypeId.Float => data => ValueMap.Fixed<T, float>(data, to, column, rules, rules.IsInput ? Exact : Rounded),
            ArrowTypeId.Double => data => ValueMap.Fixed<T, double>(data, to, column, rules, rules.IsInput ? Exact : Rounded),
            _ => null,
        };

    private static bool Checked<TFrom, TTo>(TFrom value, out TTo result)
        where TFrom : IBinaryInteger<TFrom>
        where TTo : IBinaryInteger<TTo>
    {
        result = TTo.CreateSaturating(value);
        return TFrom.CreateSaturating(result) == value;
    }

    private static bool Rounded<TFrom, TTo>(TFrom value, out TTo result)
        where TFrom : IBinaryInteger<TFrom>
        where TTo : IFloatingPointIeee754<TTo>
    {
        result = TTo.CreateSaturating(value);
        return true;
    }

    /// <summary>Integers up to 2^24 (float) or 2^53 (double) only: beyond them not all are representable.</summary>
    private static bool Exact<TFrom, TTo>(TFrom value, out TTo result)
        where TFrom : IBinaryInteger<TFrom>
        where TTo : IFloatingPointIeee754<TTo>
    {
        result = TTo.CreateSaturating(value);
        return Int128.CreateSaturating(result) == Int128.CreateSaturating(value);
    }

    private static bool Widen(float value, out double result)
    {
        result = value;
        return true;
    }

    private static bool Narrow(double value, out float result)
    {
        result = (float)value;
        return result == value || double.IsNaN(value);
    }

    /// <summary>Hudi reads a float column that became double through its decimal text, so that 1.1f is 1.1 and not 1.10000002384 (HoodieAvroUtils.rewritePrimaryTypeWithDiffSchemaType).</summary>
    public static double ThroughText(float value) =>
        float.IsFinite(value) ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    private static bool ThroughText(float value, out double result)
    {
        result = ThroughText(value);
        return true;
    }
}
