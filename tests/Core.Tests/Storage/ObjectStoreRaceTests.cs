using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Core.Tests.Storage;

/// <summary>Many writers on one path, each with its own store over the same folder, as processes would have.</summary>
public class ObjectStoreRaceTests
{
    private const int Writers = 16;

    public static TheoryData<string> Kinds => OpenedStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Put_if_absent_has_one_winner(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        for (int round = 0; round < 20; round++)
        {
            var path = $"timeline/{round}";
            var outcomes = await RaceAsync(opened, async (store, writer) =>
                (await store.PutAsync(path, Encoding.ASCII.GetBytes($"writer {writer}"), PutCondition.IfAbsent)).Outcome);
            int winner = Assert.Single(Enumerable.Range(0, Writers), i => outcomes[i] == PutOutcome.Committed);
            Assert.All(outcomes.Where((_, i) => i != winner), outcome => Assert.Equal(PutOutcome.Conflict, outcome));
            Assert.Equal($"writer {winner}", Encoding.ASCII.GetString((await opened.Store.ReadAsync(path)).Span));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Completion_has_one_winner(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var won = await RaceAsync(opened, async (store, writer) =>
        {
            await using var file = await store.CreateAsync("data/file");
            file.Stream.Write(Encoding.ASCII.GetBytes($"writer {writer}"));
            try
            {
                await file.CompleteAsync();
                return true;
            }
            catch (LakehouseException error) when (error.Kind == LakehouseErrorKind.AlreadyExists)
            {
                return false;
            }
        });
        int winner = Assert.Single(Enumerable.Range(0, Writers), i => won[i]);
        Assert.Equal($"writer {winner}", Encoding.ASCII.GetString((await opened.Store.ReadAsync("data/file")).Span));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task No_swap_is_lost(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        Assert.SkipUnless(opened.Store.Capabilities.CompareAndSwap, "This system's local disk has none.");
        await opened.Store.PutAsync("counter", "0"u8.ToArray(), PutCondition.IfAbsent);
        await RaceAsync(opened, async (store, _) =>
        {
            for (int added = 0; added < 10;)
            {
                var version = (await store.GetInfoAsync("counter"))!.Value.Version!;
                int value = int.Parse(Encoding.ASCII.GetString((await store.ReadAsync("counter")).Span), CultureInfo.InvariantCulture);
                var next = Encoding.ASCII.GetBytes((value + 1).ToString(CultureInfo.InvariantCulture));
                if ((await store.PutAsync("counter", next, PutCondition.IfMatch(version), Durability.Deferred)).Outcome == PutOutcome.Committed)
                {
                    added++;
                }
            }

            return true;
        });
        Assert.Equal("160", Encoding.ASCII.GetString((await opened.Store.ReadAsync("counter")).Span));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Readers_see_whole_objects(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        static byte[] Filled(int writer) => [.. Enumerable.Repeat((byte)writer, 20_000 + writer)];
        await opened.Store.PutAsync("x", Filled(0), PutCondition.None);
        await RaceAsync(opened, async (store, writer) =>
        {
            for (int i = 0; i < 10; i++)
            {
                if (writer % 2 == 0)
                {
                    await store.PutAsync("x", Filled(writer), PutCondition.None, Durability.Deferred);
                }
                else
                {
                    var read = (await store.ReadAsync("x")).ToArray();
                    Assert.Equal(Filled(read[0]), read);
                }
            }

            return true;
        });
    }

    private static async Task<T[]> RaceAsync<T>(OpenedStore opened, Func<IObjectStore, int, Task<T>> write)
    {
        using var start = new Barrier(Writers);
        var threads = Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                var store = opened.Store is LocalObjectStore local ? new LocalObjectStore(local.Root) : opened.Store;
                start.SignalAndWait();
                return write(store, writer).GetAwaiter().GetResult();
            },
            TaskCreationOptions.LongRunning));
        return await Task.WhenAll(threads);
    }
}
