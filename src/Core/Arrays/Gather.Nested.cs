using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <content>Structs and fixed-size lists, whose children have the parent's rows.</content>
internal static partial class Gather
{
    private static ArrayData Structs(ArrayData[] sources, RowRuns rows)
    {
        var validity = Nulls(sources, rows);
        using var shifted = new RunBuilder(System.Array.TrueForAll(sources, s => s.Offset == 0) ? 0 : rows.Runs.Length);
        var childRows = rows;
        if (!System.Array.TrueForAll(sources, s => s.Offset == 0))
        {
            // A child is not sliced along with its parent: its rows are counted from the parent's buffer start.
            childRows = Scaled(sources, rows, shifted, 1);
        }

        int count = sources[0].Children.Length;
        var children = new ArrayData[count];
        for (int i = 0; i < count; i++)
        {
            children[i] = Run(Children(sources, i, 1), childRows);
        }

        return Result(sources[0], rows, validity, [], children);
    }

    private static ArrayData FixedSizeLists(ArrayData[] sources, RowRuns rows, int size)
    {
        using var scaled = new RunBuilder(rows.Runs.Length);
        var child = Run(Children(sources, 0, size), Scaled(sources, rows, scaled, size));
        return Result(sources[0], rows, Nulls(sources, rows), [], [child]);
    }

    private static RowRuns Scaled(ArrayData[] sources, RowRuns rows, RunBuilder into, int size)
    {
        foreach (ref readonly var run in rows.Runs)
        {
            into.Add(run.Source, run.Start < 0 ? -1 : checked((sources[run.Source].Offset + run.Start) * size), checked(run.Length * size));
        }

        return new RowRuns(into.Runs);
    }

    private static ArrayData[] Children(ArrayData[] sources, int child, int size)
    {
        var children = new ArrayData[sources.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            children[i] = sources[i].Children[child];
            if (children[i].Length < (sources[i].Offset + (long)sources[i].Length) * size)
            {
                throw Corrupt.Array(sources[i], "a child that is too short");
            }
        }

        return children;
    }
}
