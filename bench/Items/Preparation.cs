using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Makes the data of all items, once.</summary>
internal static class Preparation
{
    public const int TagKeys = 100_000;

    public static async Task<Measured> RunAsync(ItemContext context)
    {
        var scratch = context.Scratch;
        if (File.Exists(scratch.Ready))
        {
            return new Measured(0, 0, 0, 0);
        }

        foreach (var name in (string[])["table", "logged", "arrow", "timeline"])
        {
            if (Directory.Exists(Path.Combine(scratch.Folder, name)))
            {
                Directory.Delete(Path.Combine(scratch.Folder, name), recursive: true);
            }
        }

        File.Delete(scratch.Database);
        return await Meter.RunAsync(async () =>
        {
            var rows = context.Rows;
            var tenth = rows / 10;
            var shuffled = Trips.Shuffled(rows);
            MappedBatches.Write(scratch.Arrow("trips"), Trips.Make(rows, i => i));
            MappedBatches.Write(scratch.Arrow("random"), Trips.Make(tenth, shuffled, version: 1));
            MappedBatches.Write(scratch.Arrow("recent"), Trips.Make(tenth, i => rows - tenth + i, version: 1));
            MappedBatches.Write(scratch.Arrow("half"), Trips.Make(rows / 2, shuffled, version: 1));
            MappedBatches.Write(scratch.Arrow("delete"), Trips.Make(rows / 100, Trips.Shuffled(rows, tenth), version: 1));
            MappedBatches.Write(scratch.Arrow("stored"), Trips.Make(Math.Min(TagKeys, tenth), Trips.Shuffled(rows, 2 * tenth)));
            MappedBatches.Write(scratch.Arrow("absent"), Trips.Make(Math.Min(TagKeys, tenth), Trips.Shuffled(rows, 2 * tenth), absent: true));
            await OurWrites.LoadAsync(context, scratch.Table, "trips", partitioned: false);
            await OurWrites.LoadAsync(context, scratch.Logged, "trips", partitioned: false, TableType.MergeOnRead);
            await OurWrites.LogAsync(context, scratch.Logged, "random");
            TimelineItems.Prepare(scratch);
            var small = new Dictionary<string, string>();
            foreach (var name in (string[])["random", "recent", "half", "delete", "stored", "absent"])
            {
                small[name] = context.Work.New();
                await OurWrites.LoadAsync(context, small[name], name, partitioned: false);
            }

            DuckDbItems.Prepare(scratch, small);
            await File.WriteAllTextAsync(scratch.Ready, "");
            return rows;
        });
    }
}
