using System.Text;
using System.Text.Json;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace Timeline.Tests.Locks;

/// <summary>The lease in .hoodie/.locks/table_lock.json, as Java's StorageBasedLockProvider reads and writes it.</summary>
public class StorageBasedLockTests
{
    private const string LockPath = ".hoodie/.locks/table_lock.json";
    private readonly SteppedClock clock = new();
    private readonly IObjectStore store = new MemoryObjectStore("t");

    private ILockProvider Provider(IObjectStore? on = null, TimeProvider? at = null) => LockProviders.StorageBased()(new LockContext(on ?? store, new LakehouseEnvironment(at ?? clock, Guid.NewGuid)))!;

    private async Task<JsonElement> FileAsync() => JsonDocument.Parse(await store.ReadAsync(LockPath)).RootElement;

    [Fact]
    public async Task It_is_held_released_and_never_deleted()
    {
        var lease = await Provider().TryAcquireAsync();
        Assert.NotNull(lease);
        var held = await FileAsync();
        Assert.Equal(["expired", "owner", "validUntil"], held.EnumerateObject().Select(p => p.Name).Order());
        Assert.False(held.GetProperty("expired").GetBoolean());
        Assert.Equal(clock.GetUtcNow().AddSeconds(300).ToUnixTimeMilliseconds(), held.GetProperty("validUntil").GetInt64());
        Assert.True(Guid.TryParse(held.GetProperty("owner").GetString(), out _));
        Assert.Null(await Provider().TryAcquireAsync());
        Assert.True(await lease.VerifyAsync());
        await lease.DisposeAsync();
        var released = await FileAsync();
        Assert.True(released.GetProperty("expired").GetBoolean());
        Assert.Equal(held.GetProperty("validUntil").GetInt64(), released.GetProperty("validUntil").GetInt64());
        Assert.NotNull(await Provider().TryAcquireAsync());
    }

    [Fact]
    public async Task A_living_holder_renews_it_and_a_dead_ones_ends()
    {
        var lease = await Provider().TryAcquireAsync();
        clock.Move(TimeSpan.FromMinutes(60));
        Assert.Null(await Provider().TryAcquireAsync());
        Assert.True(await lease!.VerifyAsync());

        // The holder dies: its clock stands still.
        var other = new SteppedClock(clock.GetUtcNow());
        other.Move(TimeSpan.FromSeconds(300.4));
        Assert.Null(await Provider(at: other).TryAcquireAsync());
        other.Move(TimeSpan.FromSeconds(0.2));
        var taken = await Provider(at: other).TryAcquireAsync();
        Assert.NotNull(taken);

        // It comes back to life: the lease is another's, and giving it back leaves that alone.
        Assert.False(await lease.VerifyAsync());
        await lease.DisposeAsync();
        Assert.True(await taken.VerifyAsync());
    }

    [Fact]
    public async Task Java_s_file_is_understood_and_another_s_refused()
    {
        await store.PutAsync(LockPath, Encoding.UTF8.GetBytes("{\"owner\":\"f1\",\"validUntil\":" + clock.GetUtcNow().AddSeconds(10).ToUnixTimeMilliseconds() + ",\"expired\":false,\"more\":[1]}"), PutCondition.None);
        Assert.Null(await Provider().TryAcquireAsync());
        clock.Move(TimeSpan.FromSeconds(11));
        Assert.NotNull(await Provider().TryAcquireAsync());
        await store.PutAsync(LockPath, "[]"u8.ToArray(), PutCondition.None);
        Assert.Equal(LakehouseErrorKind.Corrupt, (await Assert.ThrowsAsync<LakehouseException>(async () => await Provider().TryAcquireAsync())).Kind);
    }

    [Fact]
    public async Task Of_many_at_once_one_has_it()
    {
        for (int round = 0; round < 20; round++)
        {
            var got = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await Provider().TryAcquireAsync())));
            var lease = Assert.Single(got, l => l is not null);
            await lease!.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Fault.LostReply, true)]
    [InlineData(Fault.UnknownWithoutEffect, false)]
    public async Task A_lost_answer_is_read_back(Fault fault, bool got)
    {
        var faulty = new FaultInjectingObjectStore(store, FaultPlan.At(1, fault));
        var lease = await Provider(faulty).TryAcquireAsync();
        Assert.Equal(got, lease is not null);
        Assert.Equal(got, lease is not null && await lease.VerifyAsync());
    }

    [Fact]
    public async Task Who_held_it_is_recorded_where_the_table_asks_for_it()
    {
        await store.PutAsync(".hoodie/.locks/audit_enabled.json", "{\"STORAGE_LOCK_AUDIT_SERVICE_ENABLED\": true}"u8.ToArray(), PutCondition.None);
        var started = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using (await Provider().TryAcquireAsync())
        {
            clock.Move(TimeSpan.FromSeconds(31));
        }

        var name = Assert.Single(await store.ListNamesAsync(".hoodie/.locks/audit"));
        var owner = (await FileAsync()).GetProperty("owner").GetString();
        Assert.Equal($"{started}_{owner}.jsonl", name);
        var lines = Encoding.UTF8.GetString((await store.ReadAsync(".hoodie/.locks/audit/" + name)).Span).TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["START", "RENEW", "END"], lines.Select(l => l.GetProperty("state").GetString()));
        Assert.Equal([true, true, false], lines.Select(l => l.GetProperty("lockHeld").GetBoolean()));
        Assert.All(lines, l => Assert.Equal(started, l.GetProperty("transactionStartTime").GetInt64()));
        Assert.All(lines, l => Assert.Equal(300_000, l.GetProperty("lockExpiration").GetInt64() - l.GetProperty("timestamp").GetInt64()));
    }

    [Fact]
    public void Renewing_too_seldom_is_refused() =>
        Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => LockProviders.StorageBased(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(7))(new LockContext(store, LakehouseEnvironment.System))).Kind);
}
