using OllaLab.Lakehouse;
using Quickstart;
using static OllaLab.Lakehouse.Predicates;

var folder = Path.Combine(AppContext.BaseDirectory, "quakes");
if (Directory.Exists(folder))
{
    Directory.Delete(folder, recursive: true);
}

var feed = new Feed(Path.Combine(AppContext.BaseDirectory, "data", "earthquakes.jsonl"));
Console.WriteLine($"""
    A WEEK OF EARTHQUAKES, KEPT IN AN APACHE HUDI TABLE
    In the data (USGS, 31 January to 7 February 2018): {feed.Events:n0} events as last known: what, where, when, status, time of the last update.
    Replayed from it: that each event came first as an automatic report of an earthquake, and as in the data at its last update; that the
    feed is read every 6 hours for the last 7, so some messages come twice; that blasts, reported as earthquakes, are withdrawn at their
    last update; that {feed.Late.Count} first reports came last of all. The table's clock runs with the replay: its commits are dated 2018.
    """);

Page.Step("1. A table: a folder, no server", """quakes = await LakehouseTable.CreateAsync(folder, schema, new() { Keys = ["id"], Partitions = ["day"], Ordering = ["updated"] });""");

// By default the states of the latest 10 commits are kept; here all are wanted.
var clock = new ReplayClock { Now = new DateTime(2018, 1, 31) };
await using var quakes = await LakehouseTable.CreateAsync(
    folder,
    LakehouseSchema.Parse(Quake.Columns),
    new() { Keys = ["id"], Partitions = ["day"], Ordering = ["updated"] },
    new() { Environment = new(clock, Guid.NewGuid), Write = new() { Clean = new() { CommitsRetained = 100 } } });
Console.WriteLine($"  {folder}");

Page.Step("2. Messages arrive: new events are inserted, known ones updated, repeated ones do no harm", "await quakes.UpsertAsync(reports);  await quakes.DeleteAsync(withdrawn);");
await Page.TableAsync(["arrived on", "messages", "repeated", "inserted", "updated", "withdrawn", "commits"], Replay.RunAsync(quakes, feed, clock));

Page.Step("3. SQL, by DuckDB over the same files", """await using var sql = LakehouseSql.Open(("quakes", quakes));  await sql.ExecuteReaderAsync("select ...")""");
await using var sql = LakehouseSql.Open(("quakes", quakes));
const string Query = """
    select trim(regexp_extract(place, '[^,]*$')) as region, count(*) as events, count_if(status = 'reviewed') as reviewed, sum(felt) as "felt by", max(mag) as strongest
    from quakes where day between '2018-02-04' and '2018-02-06' group by all order by strongest desc, events desc limit 5
    """;
await Page.TableAsync(await sql.ExecuteReaderAsync(Query));
Console.WriteLine($"  {await Pruned(sql, Query)}");

Page.Step("4. What did we know then? Any past state, by time", """quakes.ReadAsync<Quake>(new() { AsOf = "2018-02-04" })""");
var seen = new Dictionary<string, Quake>();
string[] times = ["2018-02-01", "2018-02-02", "2018-02-03", "2018-02-04", "2018-02-05", "2018-02-06", "2018-02-07"];
await Page.TableAsync(["as of", "events", "reviewed", "felt by", "strongest"], times.Append(null).ToAsyncEnumerable().Select(async (string? time, CancellationToken _) =>
{
    var known = await quakes.ReadAsync<Quake>(new() { AsOf = time }).ToListAsync();
    known.ForEach(q => seen[q.Id] = q);
    return new object?[] { time ?? "now", known.Count, known.Count(q => q.Status == "reviewed"), known.Sum(q => q.Felt), known.MaxBy(q => q.Mag)!.Title };
}));

Page.Step("5. What changed since? Only rows written by later commits", """quakes.ReadAsync<Quake>(new() { Begin = "2018-02-06T18:00:00Z", Where = Column("mag") >= 4.9 })""");
var changes = await quakes.ReadAsync<Quake>(new() { Begin = "2018-02-06T18:00:00Z", Where = Column("mag") >= 4.9 }).ToListAsync();
Page.Table(
    ["id", "time", "last update", "status", "felt by", "event"],
    changes.OrderByDescending(q => q.Mag).Take(6).Select(q => new object?[] { q.Id, q.Time, q.Updated, q.Status, q.Felt, q.Title }));

Page.Step("6. What was withdrawn? Seen in one of the states above, not there now", "seen.ExceptBy(now.Select(q => q.Id), q => q.Id)");
var now = await quakes.ReadAsync<Quake>().ToListAsync();
var gone = seen.Values.ExceptBy(now.Select(q => q.Id), q => q.Id).OrderByDescending(q => q.Mag);
Page.Table(["id", "time", "reported as", "was in truth", "event"], gone.Take(6).Select(q => new object?[] { q.Id, q.Time, q.Type, feed.TypeOf(q.Id), q.Title }));

Page.Step("7. Old news come last: the row with the greater `updated` stays", "await quakes.UpsertAsync(late);");
clock.Now = new DateTime(2018, 2, 7, 12, 0, 0);
var late = await quakes.UpsertAsync(feed.Late);
var after = await quakes.ReadAsync<Quake>().ToListAsync();
Console.WriteLine($"  {late.InputRows} late reports: {late.Inserted} inserted, {late.Updated} replaced; {after.Except(now).Count()} of {after.Count} rows differ from before.");

var liveFolder = Path.Combine(AppContext.BaseDirectory, "quakes-live");
if (Directory.Exists(liveFolder))
{
    Directory.Delete(liveFolder, recursive: true);
}

await Live.RunAsync(liveFolder, feed, clock);

Console.WriteLine($"""

    The table is in {folder}
    Its commits: dotnet run --project src/Cli -- timeline <that folder>. The same folder in Apache Spark: see README.md.
    """);

static async Task<string> Pruned(LakehouseSql sql, string query)
{
    await using var plan = await sql.ExecuteReaderAsync("explain " + query);
    var text = "";
    while (await plan.ReadAsync())
    {
        text = plan.GetString(1);
    }

    return text;
}
