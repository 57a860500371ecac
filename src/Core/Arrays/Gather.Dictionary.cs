using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <content>Dictionary-encoded arrays: indexes are copied; where dictionaries differ, the entries in use are put into a new one.</content>
internal static partial class Gather
{
    private static ArrayData Dictionaries(ArrayData[] sources, RowRuns rows)
    {
        var type = (DictionaryType)sources[0].DataType;
        // A dictionary larger than the result is not dragged along: only the entries in use go with it.
        if (sources[0].Dictionary.Length <= rows.Length && System.Array.TrueForAll(sources, s => ReferenceEquals(s.Dictionary, sources[0].Dictionary)))
        {
            var same = FixedWidth(sources, rows, ((FixedWidthType)type.IndexType).BitWidth / 8);
            return new ArrayData(type, same.Length, same.NullCount, 0, same.Buffers, [], sources[0].Dictionary.Retain());
        }

        var validity = Nulls(sources, rows);
        int[] renumbered = new int[rows.Length];
        var used = new int[sources.Length][];
        using var entries = new RunBuilder(64);
        int count = 0;
        int at = 0;
        foreach (ref readonly var run in rows.Runs)
        {
            for (int i = 0; i < run.Length; i++, at++)
            {
                if (run.Start < 0)
                {
                    continue;
                }

                var source = sources[run.Source];
                int index = DictionaryIndex.Read(source, run.Start + i);
                if (index < 0)
                {
                    continue;
                }

                // A number stored is one higher than the entry's place, so that 0 means "not seen yet".
                ref int place = ref (used[run.Source] ??= new int[source.Dictionary.Length])[index];
                if (place == 0)
                {
                    entries.Add(run.Source, index, 1);
                    place = ++count;
                }

                renumbered[at] = place - 1;
            }
        }

        var dictionary = Run(System.Array.ConvertAll(sources, s => s.Dictionary), new RowRuns(entries.Runs));
        var indexes = DictionaryIndex.Write(renumbered, count, type);
        return Result(sources[0], rows, validity, [indexes], null, dictionary);
    }
}
