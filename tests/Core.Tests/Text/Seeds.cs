using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.Core.Tests;

/// <summary>Seeds of all sizes: FsCheck's own integers are small ones, of which there are too few.</summary>
internal static class Seeds
{
    public static Arbitrary<int> Any { get; } = Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary();
}
