using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Issues instant times for one table within this process (SkewAdjustingTimeGenerator with Hudi's in-process lock): each is greater than every one issued before and than what the
/// caller saw on the timeline, even where the clock stands still, steps back, or leaves summer time. Writers in other processes are told apart by the put-if-absent of the
/// requested file; Hudi's sleep for clock skew serves locks that span machines and is not needed for one process.
/// </summary>
internal sealed class InstantClock
{
    // By clock, then by table: tests with clocks of their own do not disturb each other, while all users of the system's clock share one state for a table.
    private static readonly ConditionalWeakTable<TimeProvider, ConcurrentDictionary<string, InstantClock>> Clocks = [];

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private string last = string.Empty;

    private InstantClock(TimeProvider clock) => this.clock = clock;

    public static InstantClock For(TimeProvider clock, string table) =>
        Clocks.GetOrCreateValue(clock).GetOrAdd(table, static (_, c) => new InstantClock(c), clock);

    /// <summary>The next time in the table's zone, greater than all issued and than <paramref name="floor"/>.</summary>
    public string Next(TimeZoneInfo zone, string? floor)
    {
        lock (gate)
        {
            var now = InstantTimes.Format(clock.GetUtcNow(), zone);
            var least = string.CompareOrdinal(floor, last) > 0 ? floor! : last;
            if (string.CompareOrdinal(now, least) <= 0)
            {
                now = InstantTimes.PlusMillis(least, 1);
            }

            return last = now;
        }
    }
}
