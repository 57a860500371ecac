using System.Numerics;
using System.Text;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Turns a condition on a column into one in the column's own type, or refuses it.</summary>
internal static class LeafBinder
{
    public static BoundPredicate Comparison(ColumnPath path, ComparisonOperator comparison, object literal) =>
        Bind(path, [literal], comparison);

    public static BoundPredicate In(ColumnPath path, object[] literals) => Bind(path, literals, null);

    public static BoundPredicate Prefix(ColumnPath path, string prefix) => Unwrap(path.Type) is StringType
        ? new PrefixLeaf(path, Encoding.UTF8.GetBytes(prefix))
        : throw Literals.Refuse(path, prefix, "StartsWith needs a text column");

    private static IArrowType Unwrap(IArrowType type) => type is DictionaryType d ? d.ValueType : type;

    private static BoundPredicate Bind(ColumnPath path, object[] literals, ComparisonOperator? comparison)
    {
        switch (Unwrap(path.Type))
        {
            case BooleanType: return new BooleanLeaf(path, Make<byte>(path, literals, comparison, l => Literals.Boolean(path, l)));
            case Int8Type: return Whole<sbyte>(path, literals, comparison);
            case Int16Type: return Whole<short>(path, literals, comparison);
            case Int32Type: return Whole<int>(path, literals, comparison);
            case Int64Type: return Whole<long>(path, literals, comparison);
            case UInt8Type: return Whole<byte>(path, literals, comparison);
            case UInt16Type: return Whole<ushort>(path, literals, comparison);
            case UInt32Type: return Whole<uint>(path, literals, comparison);
            case UInt64Type: return Whole<ulong>(path, literals, comparison);
            case FloatType: return new PrimitiveLeaf<float>(path, Make<float>(path, literals, comparison, l => Literals.Single(path, l)), StatisticTo.Single);
            case DoubleType: return new PrimitiveLeaf<double>(path, Make<double>(path, literals, comparison, l => Literals.Double(path, l)), StatisticTo.Double);
            case Decimal128Type d: return new DecimalLeaf(path, Make<Int128>(path, literals, comparison, l => Literals.Decimal(path, l, d.Scale)), v => StatisticTo.Decimal(v, d.Scale));
            case Date32Type: return new PrimitiveLeaf<int>(path, Make<int>(path, literals, comparison, l => Literals.Date(path, l)), v => StatisticTo.Days(v));
            case Time32Type t: return new PrimitiveLeaf<int>(path, Make<int>(path, literals, comparison, l => Literals.Time<int>(path, l, t.Unit)), v => (int?)StatisticTo.Time(v, t.Unit));
            case Time64Type t: return new PrimitiveLeaf<long>(path, Make<long>(path, literals, comparison, l => Literals.Time<long>(path, l, t.Unit)), v => StatisticTo.Time(v, t.Unit));
            case TimestampType t: return new PrimitiveLeaf<long>(path, Make<long>(path, literals, comparison, l => Literals.Timestamp(path, l, t)), v => StatisticTo.Timestamp(v, t.Unit));
            case StringType: return Bytes(path, literals, comparison, text: true, Literals.Text);
            case BinaryType: return Bytes(path, literals, comparison, text: false, Literals.Binary);
            case Decimal256Type: throw Literals.Refuse(path, null, "its type has no comparison");
            case FixedSizeBinaryType: return Bytes(path, literals, comparison, text: false, Literals.Binary);
            default: throw Literals.Refuse(path, null, "its type has no comparison; only IsNull and IsNotNull can be asked");
        }
    }

    private static BoundPredicate Bytes(ColumnPath path, object[] literals, ComparisonOperator? comparison, bool text, Func<ColumnPath, object, byte[]> convert) => comparison is { } o
        ? new BytesComparisonLeaf(path, text, o, convert(path, literals[0]))
        : new BytesInLeaf(path, text, [.. literals.Select(l => convert(path, l))]);

    private static PrimitiveLeaf<T> Whole<T>(ColumnPath path, object[] literals, ComparisonOperator? comparison)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        new(path, Make<T>(path, literals, comparison, l => Literals.Whole<T>(path, l)), StatisticTo.Whole<T>);

    private static Condition<T> Make<T>(ColumnPath path, object[] literals, ComparisonOperator? comparison, Func<object, Place<T>> convert)
        where T : struct, IComparisonOperators<T, T, bool>, IEquatable<T>
    {
        if (comparison is { } o)
        {
            return convert(literals[0]).Compare(o);
        }

        var set = new HashSet<T>();
        foreach (var literal in literals)
        {
            if (convert(literal) is { Where: Position.At } place)
            {
                set.Add(place.Value);
            }
        }

        return new Condition<T>(set);
    }
}
