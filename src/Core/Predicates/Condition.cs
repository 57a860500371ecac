using System.Numerics;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>What a value must be, in the column's own type: compared with one value, one of a set, or constant because the literal lies outside the type.</summary>
internal sealed class Condition<T>
    where T : struct, IComparisonOperators<T, T, bool>, IEquatable<T>
{
    private readonly ComparisonOperator? _operator;
    private readonly T _value;
    private readonly HashSet<T>? _set;
    private readonly bool _constant;

    public Condition(ComparisonOperator comparison, T value) => (_operator, _value) = (comparison, value);

    public Condition(HashSet<T> set) => _set = set;

    public Condition(bool constant) => _constant = constant;

    public void Test(ReadOnlySpan<T> values, Span<byte> results)
    {
        if (_set is not null)
        {
            for (int i = 0; i < values.Length; i++)
            {
                results[i] = ToResult(_set.Contains(values[i]));
            }

            return;
        }

        var value = _value;
        switch (_operator)
        {
            case ComparisonOperator.Equal:
                for (int i = 0; i < values.Length; i++)
                {
                    results[i] = ToResult(values[i] == value);
                }

                break;
            case ComparisonOperator.NotEqual:
                for (int i = 0; i < values.Length; i++)
                {
                    results[i] = ToResult(values[i] != value);
                }

                break;
            case ComparisonOperator.Less:
                for (int i = 0; i < values.Length; i++)
                {
                    results[i] = ToResult(values[i] < value);
                }

                break;
            case ComparisonOperator.LessOrEqual:
                for (int i = 0; i < values.Length; i++)
                {
                    results[i] = ToResult(values[i] <= value);
                }

                break;
            case ComparisonOperator.Greater:
                for (int i = 0; i < values.Length; i++)
                {
                    results[i] = ToResult(values[i] > value);
                }

                break;
            case ComparisonOperator.GreaterOrEqual:
                for (int i = 0; i < values.Length; i++)
                {
                    results[i] = ToResult(values[i] >= value);
                }

                break;
            default:
                results[..values.Length].Fill(ToResult(_constant));
                break;
        }
    }

    /// <summary>What values between these bounds may come out as. NaN lies outside of any bounds, so <paramref name="mayHoldNaN"/> adds what NaN comes out as.</summary>
    public Possible Within(T? min, T? max, bool mayHoldNaN)
    {
        if (_set is not null)
        {
            var any = _set.Any(v => !(min is { } low && v < low) && !(max is { } high && v > high));
            return Possible.False | (any ? Possible.True : Possible.None);
        }

        return _operator switch
        {
            null => _constant ? Possible.True : Possible.False,
            { } o => Compare(o, min, max) | (mayHoldNaN ? (o == ComparisonOperator.NotEqual ? Possible.True : Possible.False) : Possible.None),
        };
    }

    private static byte ToResult(bool holds) => holds ? BoundPredicate.True : BoundPredicate.False;

    private Possible Compare(ComparisonOperator o, T? min, T? max)
    {
        // Some value may be less, equal, greater than the literal.
        var less = min is not { } low || low < _value;
        var greater = max is not { } high || high > _value;
        var equal = !(min is { } l && l > _value) && !(max is { } h && h < _value);
        var (holds, fails) = o switch
        {
            ComparisonOperator.Equal => (equal, less || greater),
            ComparisonOperator.NotEqual => (less || greater, equal),
            ComparisonOperator.Less => (less, equal || greater),
            ComparisonOperator.LessOrEqual => (less || equal, greater),
            ComparisonOperator.Greater => (greater, less || equal),
            _ => (greater || equal, less),
        };
        return (holds ? Possible.True : Possible.None) | (fails ? Possible.False : Possible.None);
    }
}
