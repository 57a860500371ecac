namespace OllaLab.Lakehouse.Arrays;

/// <summary>Consecutive rows of one source array. All gathering kernels work on runs, so that neighbours are copied in bulk.</summary>
/// <param name="Source">The index of the source array.</param>
/// <param name="Start">The first row, or a negative number for rows that are null.</param>
/// <param name="Length">How many rows.</param>
internal readonly record struct RowRun(int Source, int Start, int Length);

/// <summary>The runs that make up a result.</summary>
internal readonly ref struct RowRuns
{
    public RowRuns(ReadOnlySpan<RowRun> runs)
    {
        Runs = runs;
        foreach (ref readonly var run in runs)
        {
            Length = checked(Length + run.Length);
            HasNullRuns |= run.Start < 0;
        }
    }

    public ReadOnlySpan<RowRun> Runs { get; }

    /// <summary>How many rows the result has.</summary>
    public int Length { get; }

    /// <summary>Whether some rows are to be null.</summary>
    public bool HasNullRuns { get; }
}
