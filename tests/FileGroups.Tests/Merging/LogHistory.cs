namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Random blocks and base files. Ordering values are few, so that ties and both orders occur.</summary>
internal static class LogHistory
{
    /// <param name="random">Randomness.</param>
    /// <param name="keys">Different keys.</param>
    /// <param name="partial">Blocks of some columns: with the ordering column always, or at times.</param>
    public static IEnumerable<IReadOnlyList<LogRow>> Blocks(Random random, int keys, Partial partial = Partial.None)
    {
        for (int block = random.Next(1, 12); block > 0; block--)
        {
            bool deletes = random.Next(4) == 0;
            string[]? present = deletes || partial == Partial.None || random.Next(2) == 0
                ? null
                : ["id", .. new[] { "ts", "a", "b" }.Where(c => random.Next(2) == 0 || (c == "ts" && partial == Partial.WithOrdering))];
            yield return [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => deletes ? Delete(random, keys) : Row(random, keys, present))];
        }
    }

    public static IReadOnlyList<LogRow> Stored(Random random, int keys) => random.Next(6) == 0
        ? []
        : [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => new LogRow(Key(random, keys), random.Next(10), Text(random), random.Next(100)))];

    private static LogRow Row(Random random, int keys, string[]? present)
    {
        bool deleted = present is null && random.Next(6) == 0;
        var row = new LogRow(Key(random, keys), deleted && random.Next(3) == 0 ? null : random.Next(10), Text(random), random.Next(5) == 0 ? null : random.Next(100)) { Deleted = deleted, Present = present };
        return row with { Ts = row.Has("ts") ? row.Ts : null, A = row.Has("a") ? row.A : null, B = row.Has("b") ? row.B : null };
    }

    private static LogRow Delete(Random random, int keys) => new(Key(random, keys), random.Next(3) == 0 ? null : random.Next(10)) { Deleted = true, FromDeleteBlock = true };

    private static string Key(Random random, int keys) => $"key {random.Next(keys)}";

    private static string? Text(Random random) => random.Next(5) switch
    {
        0 => null,
        1 => LogModel.Unavailable,
        _ => new string((char)('a' + random.Next(26)), random.Next(20)),
    };
}

/// <summary>Whether a history has blocks of some columns only.</summary>
internal enum Partial
{
    None,
    WithOrdering,
    Any,
}
