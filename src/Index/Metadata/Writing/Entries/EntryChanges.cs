using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>What an index gains and loses when a file group changes: its entries before are held against those after (BaseFileRecordParsingUtils, for logs too).</summary>
/// <param name="entries">Reads the entries of a slice.</param>
/// <param name="timeline">The table's, as it was.</param>
/// <param name="after">As it will be, with the commit: logs of instants that are not completed do not count.</param>
internal sealed class EntryChanges(SliceEntries entries, ActiveTimeline timeline, ActiveTimeline after)
{
    /// <param name="before">The slice as it was; null: there was none.</param>
    /// <param name="now">As it is; null: it is gone.</param>
    /// <param name="added">Is given each entry that is new.</param>
    /// <param name="removed">Is given each that is there no more.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask FindAsync(FileSlice? before, FileSlice? now, Action<string> added, Action<string> removed, CancellationToken cancellationToken)
    {
        var held = new List<IDisposable>();
        try
        {
            var known = new KeyMap();
            await AddAsync(known, before, held, cancellationToken);
            int stored = known.Count;
            var stays = new bool[stored];
            int[] numbers = [];
            if (now is not null)
            {
                await foreach (var column in entries.ReadAsync(now, after, held, cancellationToken))
                {
                    int next = known.Count;
                    numbers = numbers.Length < column.Length ? new int[column.Length] : numbers;
                    known.AddAll(column, numbers);
                    for (int row = 0; row < column.Length; row++)
                    {
                        if (numbers[row] < stored)
                        {
                            stays[numbers[row]] = true;
                        }
                        else if (numbers[row] >= next)
                        {
                            next = numbers[row] + 1;
                            added(column.GetString(row));
                        }
                    }
                }
            }

            for (int entry = 0; entry < stored; entry++)
            {
                if (!stays[entry])
                {
                    removed(System.Text.Encoding.UTF8.GetString(known[entry]));
                }
            }
        }
        finally
        {
            held.ForEach(h => h.Dispose());
        }
    }

    private async ValueTask AddAsync(KeyMap known, FileSlice? slice, List<IDisposable> held, CancellationToken cancellationToken)
    {
        if (slice is null)
        {
            return;
        }

        await foreach (var column in entries.ReadAsync(slice, timeline, held, cancellationToken))
        {
            known.AddAll(column, new int[column.Length]);
        }
    }
}
