using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Core.Tests.Storage;

/// <summary>What only a local disk has: sidecars, temporary files, folders, links.</summary>
public sealed class LocalObjectStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("local").FullName;

    private LocalObjectStore Store => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Several_threads_put_into_a_folder_that_is_not_there_yet()
    {
        var store = Store;
        for (int round = 0; round < 100; round++)
        {
            await Parallel.ForAsync(0, 4, async (i, stop) =>
            {
                await store.PutAsync($"f{round}/a/{i}.marker", default, PutCondition.None, Durability.Deferred, stop);
                await store.PutAsync($"f{round}/b/{i}", new byte[1], PutCondition.IfAbsent, Durability.Deferred, stop);
            });
        }
    }

    [Fact]
    public async Task Hadoops_checksum_sidecar_goes_with_its_file()
    {
        string Sidecar(string name) => Path.Combine(_folder, $".{name}.crc");
        foreach (var change in new Func<LocalObjectStore, Task>[]
        {
            async store => await store.PutAsync("x", new byte[1], PutCondition.None),
            async store => await store.PutAsync("x", new byte[2], PutCondition.IfMatch((await store.GetInfoAsync("x"))!.Value.Version!)),
            async store => await store.DeleteAsync("x"),
            async store => await store.PutAsync("x", new byte[3], PutCondition.IfAbsent),
        })
        {
            File.WriteAllText(Sidecar("x"), "crc");
            File.WriteAllText(Sidecar("y"), "crc");
            await change(Store);
            Assert.False(File.Exists(Sidecar("x")));
            Assert.True(File.Exists(Sidecar("y")));
        }
    }

    [Fact]
    public async Task A_failed_condition_leaves_the_sidecar()
    {
        await Store.PutAsync("x", new byte[1], PutCondition.None);
        File.WriteAllText(Path.Combine(_folder, ".x.crc"), "crc");
        await Store.PutAsync("x", new byte[2], PutCondition.IfAbsent);
        await Store.PutAsync("x", new byte[2], PutCondition.IfMatch("another"));
        Assert.True(File.Exists(Path.Combine(_folder, ".x.crc")));
        Assert.Equal(["x"], (await Store.ListNamesAsync("")).Order());
    }

    [Fact]
    public async Task Listings_leave_out_sidecars_and_temporary_files()
    {
        foreach (var name in new[] { ".x.crc", ".x.0123456789abcdef0123456789abcdef.tmp", "x", "x.crc", ".hoodie_partition_metadata", ".f1_0.log.1_0-1-0" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "1");
        }

        string[] expected = [".f1_0.log.1_0-1-0", ".hoodie_partition_metadata", "x", "x.crc"];
        Assert.Equal(expected, (await Store.ListNamesAsync("")).Order(StringComparer.Ordinal));
        var listed = new List<string>();
        await foreach (var entry in Store.ListAsync("", recursive: true))
        {
            listed.Add(entry.Name);
        }

        Assert.Equal(expected, listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_put_leaves_a_temporary_file()
    {
        await Store.PutAsync("x", new byte[1], PutCondition.None);
        await Store.PutAsync("x", new byte[1], PutCondition.None);
        await Store.PutAsync("x", new byte[1], PutCondition.IfAbsent);
        await Store.PutAsync("x", new byte[1], PutCondition.IfMatch("another"));
        await Store.PutAsync(new string('n', 255), new byte[1], PutCondition.None);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task Links_below_the_root_are_followed()
    {
        var elsewhere = Directory.CreateTempSubdirectory("elsewhere").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder, "part"), elsewhere);
            await Store.PutAsync("part/x", new byte[1], PutCondition.IfAbsent);
            Assert.True(File.Exists(Path.Combine(elsewhere, "x")));
            Assert.Equal(["x"], await Store.ListNamesAsync("part"));
            Assert.Equal(1, (await Store.GetInfoAsync("part/x"))!.Value.Length);

            // A folder that is deleted is the link; what it leads to is not the table's.
            await Store.DeleteFolderAsync("part");
            Assert.False(Directory.Exists(Path.Combine(_folder, "part")));
            Assert.True(File.Exists(Path.Combine(elsewhere, "x")));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task Many_names_are_listed_once_each()
    {
        // More than one directory read's worth.
        var names = Enumerable.Range(0, 5_000).Select(i => $"{20260101000000000 + i}_é.commit.requested").ToArray();
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(_folder, name), string.Empty);
        }

        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        Assert.Equal(names, (await Store.ListNamesAsync("")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deferred_writes_are_synced_by_the_next_synced_one()
    {
        // What a power cut would leave cannot be seen from here; that folders which are gone or renamed meanwhile stop nobody can.
        var store = Store;
        await store.PutAsync("markers/t1/p/x.marker.CREATE", default, PutCondition.IfAbsent, Durability.Deferred);
        await store.DeleteFolderAsync("markers");
        await store.CreateFolderAsync("a/b/c");
        Assert.Equal(PutOutcome.Committed, (await store.PutAsync("timeline/1", default, PutCondition.IfAbsent)).Outcome);
    }

    [Fact]
    public async Task A_deferred_large_object_is_whole_for_all_who_run()
    {
        var store = Store;
        var bytes = new byte[20 << 20];
        new Random(3).NextBytes(bytes);
        await using (var writer = await store.CreateAsync("p/large", Durability.Deferred))
        {
            for (int at = 0; at < bytes.Length; at += 1 << 18)
            {
                await writer.Stream.WriteAsync(bytes.AsMemory(at, 1 << 18));
            }

            Assert.Equal(bytes.Length, await writer.CompleteAsync());
        }

        Assert.True((await Store.ReadAsync("p/large")).Span.SequenceEqual(bytes));
        Assert.Equal(PutOutcome.Committed, (await store.PutAsync("timeline/1", new byte[1], PutCondition.IfAbsent)).Outcome);
    }

    [Fact]
    public async Task A_failed_sync_stops_all_later_commits_of_the_store()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Folders are synced on Linux only.");
        var store = Store;
        await store.PutAsync("loop/x", default, PutCondition.IfAbsent, Durability.Deferred);

        // A folder that turns into a link to itself cannot be opened any more.
        Directory.Delete(Path.Combine(_folder, "loop"), recursive: true);
        File.CreateSymbolicLink(Path.Combine(_folder, "loop"), Path.Combine(_folder, "loop"));
        for (int i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<LakehouseException>(async () => await store.PutAsync("timeline/1", new byte[1], PutCondition.IfAbsent));
            Assert.Equal(LakehouseErrorKind.Storage, error.Kind);
            File.Delete(Path.Combine(_folder, "loop"));
        }

        Assert.Null(await store.GetInfoAsync("timeline/1"));
        Assert.Equal(PutOutcome.Committed, (await Store.PutAsync("timeline/1", new byte[1], PutCondition.IfAbsent)).Outcome);
    }

    [Fact]
    public async Task A_refused_disk_is_a_storage_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not hold this user back.");
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.Combine(_folder, "ro"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await Store.PutAsync("ro/x", new byte[1], PutCondition.IfAbsent));
        Assert.Equal(LakehouseErrorKind.Storage, error.Kind);
    }

    [Fact]
    public async Task A_name_too_long_for_the_disk_is_an_input_error()
    {
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await Store.PutAsync(new string('n', 300), new byte[1], PutCondition.IfAbsent));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
    }

    [Fact]
    public async Task A_file_in_the_way_of_a_folder_is_told_so()
    {
        await Store.PutAsync("x", new byte[1], PutCondition.IfAbsent);
        Assert.Equal(LakehouseErrorKind.Storage, (await Assert.ThrowsAsync<LakehouseException>(async () => await Store.PutAsync("x/y", new byte[1], PutCondition.IfAbsent))).Kind);
        Assert.Null(await Store.GetInfoAsync("x/y"));
    }

    [Fact]
    public async Task A_folder_of_many_entries_of_all_kinds_is_listed_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need privileges there.");
        var files = Enumerable.Range(0, 5_000).Select(i => $"{i}-{new string('n', i % 200)}").Append("größe ☃ 😀").ToList();
        var there = Directory.CreateDirectory(Path.Combine(_folder, "many")).FullName;
        files.ForEach(f => File.WriteAllText(Path.Combine(there, f), f));
        Directory.CreateDirectory(Path.Combine(there, "sub", "subsub"));
        foreach (var (link, to) in new[] { ("to-file", files[7]), ("to-folder", "sub"), ("to-nothing", "gone") })
        {
            File.CreateSymbolicLink(Path.Combine(there, link), to);
        }

        File.WriteAllText(Path.Combine(there, ".x.crc"), "hidden");
        File.WriteAllText(Path.Combine(there, ".hidden-no-more"), "shown");
        files.AddRange(["to-file", ".hidden-no-more"]);
        Assert.Equal(files.Append("to-nothing").Order(StringComparer.Ordinal), (await Store.ListNamesAsync("many")).Order(StringComparer.Ordinal));
        var entries = await Store.ListAsync("many", recursive: false).ToDictionaryAsync(e => e.Path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["many/sub", "many/to-folder"], entries.Values.Where(e => e.IsFolder).Select(e => e.Path).Order());
        Assert.All(files, f =>
        {
            var file = new FileInfo(Path.Combine(there, f));
            var target = file.LinkTarget is null ? file : (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            Assert.Equal((target.Length, target.LastWriteTimeUtc), (entries["many/" + f].Length, entries["many/" + f].Modified.UtcDateTime));
        });
    }

    [Fact]
    public async Task A_file_is_no_folder_to_list()
    {
        await Store.PutAsync("x", new byte[1], PutCondition.IfAbsent);
        Assert.Equal(LakehouseErrorKind.Storage, (await Assert.ThrowsAsync<LakehouseException>(async () => await Store.ListNamesAsync("x"))).Kind);
        Assert.Empty(await Store.ListNamesAsync("absent"));
    }
}
