using System.Numerics;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Where a literal lies among the values of a type.</summary>
internal enum Position
{
    /// <summary>It is a value of the type.</summary>
    At,

    /// <summary>It lies between a value of the type and the next one.</summary>
    After,

    /// <summary>It is less than all values.</summary>
    BelowAll,

    AboveAll,

    /// <summary>It has no order among them: NaN.</summary>
    Nowhere,
}

/// <summary>A literal among the values of a type: <c>x &gt; 10.5</c> on whole numbers becomes <c>x &gt; 10</c>, and <c>x = 10.5</c> is false.</summary>
internal readonly record struct Place<T>(Position Where, T Value = default)
    where T : struct, IComparisonOperators<T, T, bool>, IEquatable<T>
{
    public Condition<T> Compare(ComparisonOperator o) => Where switch
    {
        Position.At => new(o, Value),
        Position.After => o switch
        {
            ComparisonOperator.Less or ComparisonOperator.LessOrEqual => new(ComparisonOperator.LessOrEqual, Value),
            ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual => new(ComparisonOperator.Greater, Value),
            _ => new(o == ComparisonOperator.NotEqual),
        },
        Position.BelowAll => new(o is ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual or ComparisonOperator.NotEqual),
        Position.AboveAll => new(o is ComparisonOperator.Less or ComparisonOperator.LessOrEqual or ComparisonOperator.NotEqual),
        _ => new(o == ComparisonOperator.NotEqual),
    };
}
