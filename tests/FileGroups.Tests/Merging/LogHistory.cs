namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Random blocks and base files. Ordering values are few, so that ties and both orders occur.</summary>
internal static class LogHistory
{
    public static IEnumerable<IReadOnlyList<LogRow>> Blocks(Random random, int keys)
    {
        for (int block = random.Next(1, 12); block > 0; block--)
        {
            bool deletes = random.Next(4) == 0;
            yield return [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => deletes ? Delete(random, keys) : Row(random, keys))];
        }
    }

    public static IReadOnlyList<LogRow> Stored(Random random, int keys) => random.Next(6) == 0
        ? []
        : [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => new LogRow(Key(random, keys), random.Next(10), Text(random), random.Next(100)))];

    private static LogRow Row(Random random, int keys)
    {
        bool deleted = random.Next(6) == 0;
        return new LogRow(Key(random, keys), deleted && random.Next(3) == 0 ? null : random.Next(10), Text(random), random.Next(5) == 0 ? null : random.Next(100), deleted);
    }

    private static LogRow Delete(Random random, int keys) => new(Key(random, keys), random.Next(3) == 0 ? null : random.Next(10), Deleted: true, FromDeleteBlock: true);

    private static string Key(Random random, int keys) => $"key {random.Next(keys)}";

    private static string? Text(Random random) => random.Next(5) == 0 ? null : new string((char)('a' + random.Next(26)), random.Next(20));
}
