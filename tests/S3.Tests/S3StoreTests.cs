using System.Security.Cryptography;
using Amazon.Runtime;
using OllaLab.Lakehouse.S3;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.S3Tests;

/// <summary>What an S3 store does beyond the contract of all stores: lost answers, parts, headers, secrets.</summary>
public class S3StoreTests
{
    private static bool IsPut(HttpRequestMessage request) => request.Method == HttpMethod.Put;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_put_whose_answer_was_lost_is_found_out(bool sent)
    {
        var location = S3Server.NewLocation();
        var http = new FaultyHttp(IsPut, sent);
        var store = new S3ObjectStore(location, S3Server.Options(http));
        var put = await store.PutAsync("x", "mine"u8.ToArray(), PutCondition.IfAbsent);
        Assert.Equal(PutOutcome.Committed, put.Outcome);
        Assert.Equal(sent ? 1 : 2, http.Requests.Count(IsPut));

        // The version that was read back is the one to swap.
        var faulty = new S3ObjectStore(location, S3Server.Options(new FaultyHttp(IsPut, sent)));
        var swapped = await faulty.PutAsync("x", "more"u8.ToArray(), PutCondition.IfMatch(put.Version!));
        Assert.Equal(PutOutcome.Committed, swapped.Outcome);
        Assert.Equal((await store.GetInfoAsync("x"))!.Value.Version, swapped.Version);
        Assert.Equal(PutOutcome.Conflict, (await faulty.PutAsync("x", "late"u8.ToArray(), PutCondition.IfMatch(put.Version!))).Outcome);
    }

    [Fact]
    public async Task Equal_content_of_another_is_not_taken_for_ones_own()
    {
        var location = S3Server.NewLocation();
        await new S3ObjectStore(location, S3Server.Options()).PutAsync("x", "same"u8.ToArray(), PutCondition.IfAbsent);
        var late = new S3ObjectStore(location, S3Server.Options(new FaultyHttp(IsPut, sent: false)));
        Assert.Equal(PutOutcome.Conflict, (await late.PutAsync("x", "same"u8.ToArray(), PutCondition.IfAbsent)).Outcome);
    }

    [Fact]
    public async Task A_put_that_nobody_knows_of_is_unknown()
    {
        var store = new S3ObjectStore(S3Server.NewLocation(), S3Server.Options(new FaultyHttp(IsPut, sent: false, times: 100)));
        var put = await store.PutAsync("x", "mine"u8.ToArray(), PutCondition.IfAbsent);
        Assert.Equal(PutOutcome.Unknown, put.Outcome);
        Assert.IsType<LakehouseException>(put.Cause);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_at_once_one_wins(bool swap)
    {
        var store = new S3ObjectStore(S3Server.NewLocation(), S3Server.Options());
        for (int round = 0; round < 10; round++)
        {
            var condition = swap ? PutCondition.IfMatch((await store.PutAsync($"r{round}", "0"u8.ToArray(), PutCondition.None)).Version!) : PutCondition.IfAbsent;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => (await store.PutAsync($"r{round}", new byte[] { (byte)i, 1 }, condition)).Outcome)));
            Assert.Single(outcomes, PutOutcome.Committed);
            Assert.All(outcomes, o => Assert.True(o is PutOutcome.Committed or PutOutcome.Conflict || (swap && o == PutOutcome.Unknown)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5 << 20)]
    [InlineData((11 << 20) + 7)]
    public async Task Large_objects_go_up_in_parts_and_come_back_in_ranges(int length)
    {
        var store = new S3ObjectStore(S3Server.NewLocation(), S3Server.Options());
        var bytes = new byte[length];
        RandomNumberGenerator.Fill(bytes);
        await using (var writer = await store.CreateAsync("big"))
        {
            // Native writers write as it comes, and wait.
            for (int at = 0; at < length; at += 777_777)
            {
                writer.Stream.Write(bytes.AsSpan(at, Math.Min(777_777, length - at)));
            }

            Assert.Null(await store.GetInfoAsync("big"));
            Assert.Equal(length, await writer.CompleteAsync());
        }

        Assert.Equal(bytes, (await store.ReadAsync("big")).ToArray());
        var all = new byte[length + 10];
        Assert.Equal(length, await store.ReadRangeAsync("big", 0, all));
        Assert.True(bytes.AsSpan().SequenceEqual(all.AsSpan(0, length)));
        await using var again = await store.CreateAsync("big");
        await again.Stream.WriteAsync(bytes);
        Assert.Equal(LakehouseErrorKind.AlreadyExists, (await Assert.ThrowsAsync<LakehouseException>(async () => await again.CompleteAsync())).Kind);
    }

    [Fact]
    public async Task An_object_that_is_given_up_leaves_no_parts()
    {
        var location = S3Server.NewLocation();
        var store = new S3ObjectStore(location, S3Server.Options());
        await using (var writer = await store.CreateAsync("big"))
        {
            await writer.Stream.WriteAsync(new byte[11 << 20]);
        }

        Assert.Null(await store.GetInfoAsync("big"));
        using var client = S3Server.Client();
        var prefix = location["s3://lakehouse/".Length..];
        var uploads = await client.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = "lakehouse", Prefix = prefix });
        Assert.Empty(uploads.MultipartUploads ?? []);
    }

    [Fact]
    public async Task Listings_have_more_than_one_page_and_folders_go_at_once()
    {
        var store = new S3ObjectStore(S3Server.NewLocation(), S3Server.Options());
        await Parallel.ForAsync(0, 1105, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) => await store.PutAsync($"many/{i % 5}/{i}", default, PutCondition.None));
        Assert.Equal(1105, (await store.ListAsync("many", recursive: true).ToListAsync()).Count);
        Assert.Equal(5, (await store.ListAsync("many", recursive: false).ToListAsync()).Count(e => e.IsFolder));
        await store.DeleteFolderAsync("many");
        Assert.Empty(await store.ListAsync("many", recursive: true).ToListAsync());
    }

    [Fact]
    public async Task Encryption_is_asked_for_on_every_object()
    {
        var http = new FaultyHttp(_ => false, sent: true);
        var store = new S3ObjectStore(S3Server.NewLocation(), S3Server.Options(http, "AES256"));
        try
        {
            await store.PutAsync("x", "mine"u8.ToArray(), PutCondition.IfAbsent);
        }
        catch (LakehouseException)
        {
            // The gateway of the tests has no keys; what it was asked is what counts.
        }

        Assert.All(http.Requests.Where(IsPut), r => Assert.Equal("AES256", r.Headers.GetValues("x-amz-server-side-encryption").Single()));
        Assert.Contains(http.Requests, IsPut);
    }

    [Fact]
    public async Task No_error_holds_a_secret()
    {
        var location = S3Server.NewLocation();
        const string wrong = "AnotherSecretThatMustNotShow";
        var store = new S3ObjectStore(location, S3Server.Options(credentials: new BasicAWSCredentials("testaccess", wrong)));
        var denied = await Assert.ThrowsAsync<LakehouseException>(async () => await store.ReadAsync("x"));
        Assert.Equal(LakehouseErrorKind.Storage, denied.Kind);
        Assert.DoesNotContain(wrong, denied.ToString());
        var unreachable = new S3ObjectStore(location, new S3Options { Endpoint = new Uri("http://127.0.0.1:9"), Credentials = S3Server.Credentials });
        Assert.DoesNotContain(S3Server.Secret, (await Assert.ThrowsAsync<LakehouseException>(async () => await unreachable.ReadAsync("x"))).ToString());
    }
}
