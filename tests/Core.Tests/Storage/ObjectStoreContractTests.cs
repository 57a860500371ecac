using System.Text;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Core.Tests.Storage;

/// <summary>What every store promises (IObjectStore).</summary>
public class ObjectStoreContractTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("content");
    private static readonly byte[] Other = Encoding.UTF8.GetBytes("other one");

    public static TheoryData<string> Kinds => OpenedStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_put_is_read(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        var put = await store.PutAsync("a/b/c.txt", Content, PutCondition.None);
        Assert.Equal(PutOutcome.Committed, put.Outcome);
        Assert.Equal(Content, (await store.ReadAsync("a/b/c.txt")).ToArray());
        var info = await store.GetInfoAsync("a/b/c.txt");
        Assert.Equal(("a/b/c.txt", "c.txt", 7L, false), (info!.Value.Path, info.Value.Name, info.Value.Length, info.Value.IsFolder));
        Assert.Equal(put.Version, info.Value.Version);
        Assert.True((DateTimeOffset.UtcNow - info.Value.Modified).Duration() < TimeSpan.FromMinutes(1));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_empty_object_is_an_object(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        await opened.Store.PutAsync("empty", default, PutCondition.IfAbsent);
        Assert.Equal(0, (await opened.Store.GetInfoAsync("empty"))!.Value.Length);
        Assert.Empty((await opened.Store.ReadAsync("empty")).ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_absent_is_told_so(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        Assert.Null(await store.GetInfoAsync("no/such"));
        Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(async () => await store.ReadAsync("no/such"))).Kind);
        Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(async () => await store.ReadRangeAsync("no/such", 0, new byte[1]))).Kind);
        Assert.False(await store.DeleteAsync("no/such"));
        await store.DeleteFolderAsync("no");
        Assert.Empty(await ListAsync(store, "no", recursive: false));
        Assert.Empty(await store.ListNamesAsync("no"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_folder_is_no_object(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        await store.PutAsync("folder/x", Content, PutCondition.None);
        Assert.Null(await store.GetInfoAsync("folder"));
        Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(async () => await store.ReadAsync("folder"))).Kind);
        Assert.False(await store.DeleteAsync("folder"));
        Assert.NotNull(await store.GetInfoAsync("folder/x"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Ranges_end_with_the_object(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        await store.PutAsync("x", Content, PutCondition.None);
        var buffer = new byte[4];
        Assert.Equal(4, await store.ReadRangeAsync("x", 1, buffer));
        Assert.Equal("onte", Encoding.UTF8.GetString(buffer));
        Assert.Equal(2, await store.ReadRangeAsync("x", 5, buffer));
        Assert.Equal("nt", Encoding.UTF8.GetString(buffer, 0, 2));
        Assert.Equal(0, await store.ReadRangeAsync("x", 7, buffer));
        Assert.Equal(0, await store.ReadRangeAsync("x", 700, buffer));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Put_if_absent_keeps_what_is_there(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        Assert.Equal(PutOutcome.Committed, (await store.PutAsync("x", Content, PutCondition.IfAbsent)).Outcome);
        Assert.Equal(new PutResult(PutOutcome.Conflict), await store.PutAsync("x", Other, PutCondition.IfAbsent));
        Assert.Equal(Content, (await store.ReadAsync("x")).ToArray());
        Assert.True(await store.DeleteAsync("x"));
        Assert.Equal(PutOutcome.Committed, (await store.PutAsync("x", Other, PutCondition.IfAbsent)).Outcome);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Compare_and_swap_needs_the_version_that_is_there(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        Assert.SkipUnless(store.Capabilities.CompareAndSwap, "This system's local disk has none.");
        var seen = new HashSet<string>();
        var version = (await store.PutAsync("x", Content, PutCondition.None)).Version!;
        Assert.True(seen.Add(version));
        for (int i = 0; i < 200; i++)
        {
            // Equal lengths and quick succession: the version may rest on neither alone.
            var next = await store.PutAsync("x", Encoding.ASCII.GetBytes($"{i:000}"), PutCondition.IfMatch(version));
            Assert.Equal(PutOutcome.Committed, next.Outcome);
            Assert.True(seen.Add(next.Version!), "A version came twice.");
            Assert.Equal(PutOutcome.Conflict, (await store.PutAsync("x", Other, PutCondition.IfMatch(version))).Outcome);
            version = next.Version!;
        }

        Assert.Equal("199"u8.ToArray(), (await store.ReadAsync("x")).ToArray());
        await store.DeleteAsync("x");
        Assert.Equal(PutOutcome.Conflict, (await store.PutAsync("x", Other, PutCondition.IfMatch(version))).Outcome);
        Assert.Null(await store.GetInfoAsync("x"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_large_object_appears_when_it_is_complete(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);
        await using (var writer = await store.CreateAsync("p/large"))
        {
            await writer.Stream.WriteAsync(bytes.AsMemory(0, 100_001));
            writer.Stream.Write(bytes, 100_001, bytes.Length - 100_001);
            Assert.Null(await store.GetInfoAsync("p/large"));
            Assert.Empty(await store.ListNamesAsync("p"));
            Assert.Equal(bytes.Length, await writer.CompleteAsync());
            Assert.Equal(bytes, (await store.ReadAsync("p/large")).ToArray());
        }

        Assert.Equal(bytes, (await store.ReadAsync("p/large")).ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_large_object_given_up_leaves_nothing(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        await using (var writer = await store.CreateAsync("p/large"))
        {
            await writer.Stream.WriteAsync(new byte[100_000]);
        }

        Assert.Null(await store.GetInfoAsync("p/large"));
        Assert.Empty(await ListAsync(store, "p", recursive: true));
        if (store.GetLocalPath("p") is { } folder)
        {
            Assert.Empty(Directory.GetFiles(folder));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_large_object_does_not_take_anothers_path(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        await using var first = await store.CreateAsync("x");
        await using var second = await store.CreateAsync("x");
        first.Stream.Write(Content);
        second.Stream.Write(Other);
        await first.CompleteAsync();
        Assert.Equal(LakehouseErrorKind.AlreadyExists, (await Assert.ThrowsAsync<LakehouseException>(async () => await second.CompleteAsync())).Kind);
        Assert.Equal(Content, (await store.ReadAsync("x")).ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Listings_show_objects_and_folders(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        foreach (var path in new[] { "top", "a/1", "a/.hidden", "a/b/2", "a/b/c/3", "ab/4" })
        {
            await store.PutAsync(path, Content, PutCondition.IfAbsent, Durability.Deferred);
        }

        Assert.Equal(["a/", "ab/", "top"], await ListAsync(store, "", recursive: false));
        Assert.Equal(["a/.hidden", "a/1", "a/b/"], await ListAsync(store, "a", recursive: false));
        Assert.Equal(["a/.hidden", "a/1", "a/b/2", "a/b/c/3"], await ListAsync(store, "a", recursive: true));
        Assert.Equal(["a/.hidden", "a/1", "a/b/2", "a/b/c/3", "ab/4", "top"], await ListAsync(store, "", recursive: true));
        Assert.Equal([".hidden", "1"], (await store.ListNamesAsync("a")).Order(StringComparer.Ordinal));
        await foreach (var entry in store.ListAsync("a/b", recursive: true))
        {
            Assert.Equal(7, entry.Length);
            Assert.True((DateTimeOffset.UtcNow - entry.Modified).Duration() < TimeSpan.FromMinutes(1));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Removing_a_folder_removes_what_is_below_and_nothing_else(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        foreach (var path in new[] { "a/1", "a/b/2", "ab/4" })
        {
            await store.PutAsync(path, Content, PutCondition.IfAbsent);
        }

        await store.DeleteFolderAsync("a");
        Assert.Equal(["ab/4"], await ListAsync(store, "", recursive: true));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Names_of_any_script_are_kept(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        foreach (var name in new[] { "é日本 x", "a=%2F+&", "_x-1~!", "👍", "..a", "a.." })
        {
            await opened.Store.PutAsync($"p/{name}", Content, PutCondition.IfAbsent);
            Assert.Equal(Content, (await opened.Store.ReadAsync($"p/{name}")).ToArray());
            Assert.Contains(name, await opened.Store.ListNamesAsync("p"));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Paths_that_leave_the_root_are_refused(string kind)
    {
        using var opened = OpenedStore.Open(kind);
        var store = opened.Store;
        foreach (var path in new[] { "", "/etc/x", "../x", "a/../x", "a/..", "a//b", "a/", "./a", "a/./b", "a\0b" })
        {
            async Task Refused(Func<Task> call) => Assert.Equal(LakehouseErrorKind.InvalidInput, (await Assert.ThrowsAsync<LakehouseException>(call)).Kind);
            await Refused(async () => await store.GetInfoAsync(path));
            await Refused(async () => await store.ReadAsync(path));
            await Refused(async () => await store.PutAsync(path, Content, PutCondition.None));
            await Refused(async () => await store.CreateAsync(path));
            await Refused(async () => await store.DeleteAsync(path));
            if (path.Length > 0)
            {
                await Refused(async () => await ListAsync(store, path, recursive: true));
                await Refused(async () => await store.ListNamesAsync(path));
                await Refused(async () => await store.DeleteFolderAsync(path));
                await Refused(async () => await store.CreateFolderAsync(path));
            }
        }

        Assert.Empty(await ListAsync(store, "", recursive: true));
    }

    private static async Task<List<string>> ListAsync(IObjectStore store, string folder, bool recursive)
    {
        var paths = new List<string>();
        await foreach (var entry in store.ListAsync(folder, recursive))
        {
            paths.Add(entry.IsFolder ? entry.Path + "/" : entry.Path);
        }

        paths.Sort(StringComparer.Ordinal);
        return paths;
    }
}
