using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.S3;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.S3Tests;

/// <summary>Real processes on S3, some of them killed.</summary>
public class KilledWritersTests
{
    [Fact]
    public async Task What_was_acknowledged_is_there_and_the_rest_whole_or_not_at_all()
    {
        var location = S3Server.NewLocation();
        var columns = new Schema([new("id", StringType.Default, false), new("part", StringType.Default, false), new("ts", Int64Type.Default, false)], null);
        await using var table = await LakehouseTable.CreateAsync(new S3ObjectStore(location, S3Server.Options()), columns, new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] });
        var environment = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "testaccess", ["AWS_SECRET_ACCESS_KEY"] = S3Server.Secret, ["AWS_ENDPOINT_URL_S3"] = S3Server.Endpoint! };
        int seed = Environment.TickCount;
        try
        {
            var (acknowledged, all, _) = await KilledWriters.RunAsync(location, environment, KilledWriters.Writes(1), seed);
            var keys = new List<string>();
            await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id"] }))
            {
                using (batch)
                {
                    keys.AddRange(Enumerable.Range(0, batch.Length).Select(i => ((StringArray)batch.Column(0)).GetString(i)));
                }
            }

            KilledWriters.Check(keys, acknowledged, all);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }
}
