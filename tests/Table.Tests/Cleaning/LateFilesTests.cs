using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Concurrency;
using OllaLab.Lakehouse.Tests.Faults;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>A writer that slept past its heartbeats, was rolled back, woke up, wrote its file and died: once the timeline is archived past it, a listing would take the file for committed.</summary>
public sealed class LateFilesTests
{
    [Theory]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    public async Task What_a_dead_writer_made_late_is_never_read(int version, TableType type)
    {
        var objects = await TestTable.MakeAsync(version, type, "hoodie.metadata.enable=false");
        var clock = new OffsetClock(DateTimeOffset.UtcNow);
        var (late, storeLate) = await Writers.OpenAsync(objects, clock: clock);
        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        var (reached, goOn) = Writers.StopBefore(storeLate, static (kind, path) => kind == StorageOperationKind.Put && path.Contains(".marker.", StringComparison.Ordinal));
        var dying = Writers.UpsertAsync(late, TestTable.Of(2, 99));
        await reached;

        // It is rolled back while it sleeps, writes its file when it wakes up, and dies before it finds out.
        clock.Offset += TimeSpan.FromHours(1);
        await Writers.UpsertAsync(b, TestTable.Of(3, 5));
        var written = 0;
        storeLate.Before = (kind, path) =>
        {
            if (Volatile.Read(ref written) > 0)
            {
                throw new LakehouseException(LakehouseErrorKind.Storage, "it is dead");
            }

            if (kind is StorageOperationKind.GetInfo && path.Contains("/.locks/", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref written);
            }

            return Task.CompletedTask;
        };
        goOn.SetResult();
        await Assert.ThrowsAsync<LakehouseException>(() => dying);
        Assert.NotEmpty(await objects.ListAsync(".hoodie/.temp", recursive: true).ToListAsync());

        clock.Offset += TimeSpan.FromHours(1);
        for (int i = 0; i < 4; i++)
        {
            await Writers.UpsertAsync(b, TestTable.Of(5 + i, 5));
        }

        Assert.DoesNotContain("k002 a 99", await Writers.RowsAsync(objects));
        var clean = new CleanOptions { CommitsRetained = 1 };
        Assert.NotEmpty((await b.ArchiveAsync(new ArchiveOptions { MinCommits = 2, MaxCommits = 3, Clean = clean })).Instants);
        Assert.DoesNotContain("k002 a 99", await Writers.RowsAsync(objects));
        Assert.Empty(await objects.ListAsync(".hoodie/.temp", recursive: true).ToListAsync());
    }
}
