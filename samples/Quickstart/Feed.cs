using System.Text.Json;

namespace Quickstart;

/// <summary>
/// The week as a reader of the feed would have seen it. The data hold the last version of each event only; what came before is replayed from it:
/// a first, automatic report as an earthquake at the time of the event, then the version of the data at its own `updated`, then, for what was no earthquake, the withdrawal.
/// </summary>
internal sealed class Feed
{
    private const string LateNetwork = "nn";
    private const string LateDay = "2018-02-03";
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);
    private readonly List<Message> messages = [];
    private readonly List<Quake> late = [];
    private readonly Dictionary<string, string> types = [];

    public Feed(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            var final = Parse(line);
            var first = final with { Updated = final.Time, Status = "automatic", Type = "earthquake", Felt = null };

            // One network's line was down on the 3rd: its first reports of that day come after everything else.
            if (final.Net == LateNetwork && final.Day == LateDay)
            {
                late.Add(first);
            }
            else
            {
                messages.Add(new(first.Updated, first));
            }

            types[final.Id] = final.Type;
            messages.Add(new(final.Updated, final));
        }
    }

    public int Events => types.Count;

    /// <summary>First reports that come when their revisions are long in.</summary>
    public IReadOnlyList<Quake> Late => late;

    /// <summary>What the data say that an event was.</summary>
    public string TypeOf(string id) => types[id];

    /// <summary>What a reader gets who asks every six hours for the last seven: each message of the hours that overlap twice.</summary>
    public IEnumerable<Batch> Batches()
    {
        var (first, last) = (messages.Min(m => m.At), messages.Max(m => m.At));
        for (var at = first.Date.AddHours(3); at < last + Interval; at += Interval)
        {
            var got = messages.Where(m => m.At > at - Interval - Overlap && m.At <= at).Select(m => m.Quake).ToList();
            var repeated = messages.Count(m => m.At > at - Interval - Overlap && m.At <= at - Interval);
            var withdrawn = got.Where(q => q.Type != "earthquake").ToDictionary(q => q.Id);
            yield return new(at, [.. got.Where(q => !withdrawn.ContainsKey(q.Id))], [.. withdrawn.Values], got.Count, repeated);
        }
    }

    private static Quake Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var e = json.RootElement;
        DateTime Time(string name) => DateTime.UnixEpoch.AddMilliseconds(e.GetProperty(name).GetInt64());
        string Text(string name) => e.GetProperty(name).GetString()!;
        double Number(string name) => e.GetProperty(name).GetDouble();
        return new(
            Text("id"), Time("time").ToString("yyyy-MM-dd"), Time("time"), Time("updated"), Text("status"), Text("type"), Number("mag"), Text("place"),
            e.GetProperty("felt") is { ValueKind: JsonValueKind.Number } felt ? felt.GetInt32() : null, Text("net"), Number("lon"), Number("lat"), Number("depth"));
    }

    internal sealed record Message(DateTime At, Quake Quake);

    internal sealed record Batch(DateTime At, IReadOnlyList<Quake> Reports, IReadOnlyList<Quake> Withdrawn, int Messages, int Repeated);
}
