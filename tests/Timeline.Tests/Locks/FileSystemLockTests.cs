using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace Timeline.Tests.Locks;

/// <summary>The file "lock" that Java's FileSystemBasedLockProvider makes and deletes.</summary>
public sealed class FileSystemLockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("locks").FullName;
    private readonly LocalObjectStore store;

    public FileSystemLockTests() => store = new LocalObjectStore(folder + "/t");

    public void Dispose() => Directory.Delete(folder, true);

    private ILockProvider Provider(string? path = null, TimeSpan expire = default) => LockProviders.FileSystem(path, expire)(new LockContext(store, LakehouseEnvironment.System))!;

    [Theory]
    [InlineData(null, "t/.hoodie/lock")]
    [InlineData("t/.hoodie/.aux", "t/.hoodie/.aux/lock")]
    [InlineData("elsewhere", "elsewhere/lock")]
    [InlineData("file:", "t/.hoodie/lock")]
    public async Task It_lies_where_Java_looks_for_it(string? path, string file)
    {
        var given = path is null ? null : path == "file:" ? new Uri(folder + "/t/.hoodie").AbsoluteUri : $"{folder}/{path}";
        var lease = await Provider(given).TryAcquireAsync();
        Assert.True(File.Exists($"{folder}/{file}"));
        Assert.Null(await Provider(given).TryAcquireAsync());
        await lease!.DisposeAsync();
        Assert.False(File.Exists($"{folder}/{file}"));
    }

    [Fact]
    public async Task Java_s_lock_is_respected_until_it_goes()
    {
        Directory.CreateDirectory(folder + "/t/.hoodie");
        await File.WriteAllBytesAsync(folder + "/t/.hoodie/lock", []);
        await File.WriteAllBytesAsync(folder + "/t/.hoodie/.lock.crc", "crc\0\0\0\u0002\0"u8.ToArray());
        Assert.Null(await Provider().TryAcquireAsync());
        Assert.Null(await Provider(expire: TimeSpan.FromMinutes(1)).TryAcquireAsync());
        File.SetLastWriteTimeUtc(folder + "/t/.hoodie/lock", DateTime.UtcNow.AddMinutes(-2));
        Assert.Null(await Provider().TryAcquireAsync());
        var lease = await Provider(expire: TimeSpan.FromMinutes(1)).TryAcquireAsync();
        Assert.NotNull(lease);
        Assert.False(File.Exists(folder + "/t/.hoodie/.lock.crc"), "Java would refuse the file beside its checksum");
        Assert.True(await lease.VerifyAsync());
    }

    [Fact]
    public async Task A_holder_whose_file_another_took_does_not_delete_it()
    {
        var lease = await Provider().TryAcquireAsync();
        File.Delete(folder + "/t/.hoodie/lock");
        Assert.False(await lease!.VerifyAsync());
        await File.WriteAllBytesAsync(folder + "/t/.hoodie/lock", []);
        Assert.False(await lease.VerifyAsync());
        await lease.DisposeAsync();
        Assert.True(File.Exists(folder + "/t/.hoodie/lock"));
    }

    [Fact]
    public async Task Of_many_that_find_it_expired_one_has_it()
    {
        for (int round = 0; round < 20; round++)
        {
            Directory.CreateDirectory(folder + "/t/.hoodie");
            await File.WriteAllBytesAsync(folder + "/t/.hoodie/lock", []);
            File.SetLastWriteTimeUtc(folder + "/t/.hoodie/lock", DateTime.UtcNow.AddMinutes(-2));
            var got = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Provider(expire: TimeSpan.FromMinutes(1)).TryAcquireAsync())));
            await Assert.Single(got, l => l is not null)!.DisposeAsync();
        }
    }

    [Fact]
    public void A_place_that_cannot_be_reached_is_refused() => Assert.Equal(LakehouseErrorKind.Unsupported, Assert.Throws<LakehouseException>(() => Provider("hdfs://n/locks")).Kind);
}
