using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Adds to the history of tables of versions 8 and 9 (LSMTimelineWriter): a Parquet file of instants first, then a manifest that names it, then the number of the manifest. Until the manifest is there,
/// nothing has happened. One writer at a time.
/// </summary>
/// <param name="store">The table's storage.</param>
/// <param name="folder">The history's folder.</param>
/// <param name="rule">Sizes.</param>
internal sealed class LsmHistoryWriter(IObjectStore store, string folder, ArchiveRule rule)
{
    private static readonly ParquetOutputSchema Schema = new(LsmRow.Schema, "org.apache.hudi.avro.model.HoodieLSMTimelineInstant");
    private static readonly string AvroSchema = AvroSchemas.Text("HoodieLSMTimelineInstant");

    private readonly LsmHistory history = new(store, folder);

    /// <summary>The requested times, with actions, that the history knows between two.</summary>
    public async ValueTask<HashSet<(string Time, string Action)>> KnownAsync(string min, string max, CancellationToken cancellationToken)
    {
        var known = new HashSet<(string, string)>();
        foreach (var file in (await LsmManifest.LoadAsync(store, folder, cancellationToken)).Files.Where(f => string.CompareOrdinal(f.Min, max) <= 0 && string.CompareOrdinal(f.Max, min) >= 0))
        {
            await foreach (var row in history.ReadFileAsync(file, withContent: false, cancellationToken))
            {
                known.Add((row.InstantTime, row.Action));
            }
        }

        return known;
    }

    /// <summary>Adds a file of rows, which are in the order of their times.</summary>
    public async ValueTask AddAsync(IReadOnlyList<LsmRow> rows, CancellationToken cancellationToken)
    {
        var manifest = await LsmManifest.LoadAsync(store, folder, cancellationToken);
        var name = LsmFile.MakeName(rows[0].InstantTime, rows[^1].InstantTime, 0);
        var added = await WriteAsync(name, [rows], manifest, cancellationToken);
        await CommitAsync(manifest, [.. manifest.Files, added], cancellationToken);
    }

    /// <summary>Puts files of a level together into one of the next, level after level, where there are many; then manifests go that are not needed any more, with the files that only they name.</summary>
    public async ValueTask CompactAsync(CancellationToken cancellationToken)
    {
        int level = 0;
        for (; level < 9; level++)
        {
            var manifest = await LsmManifest.LoadAsync(store, folder, cancellationToken);
            var chosen = Choose([.. manifest.Files.Where(f => f.Level == level).OrderBy(f => f.Min, StringComparer.Ordinal)]);
            if (chosen.Count < 2)
            {
                break;
            }

            var name = LsmFile.MakeName(chosen.Select(f => f.Min).Min(StringComparer.Ordinal)!, chosen.Select(f => f.Max).Max(StringComparer.Ordinal)!, level + 1);
            var groups = new List<IReadOnlyList<LsmRow>>();
            foreach (var file in chosen)
            {
                groups.Add(await history.ReadFileAsync(file, withContent: true, cancellationToken).ToListAsync(cancellationToken));
            }

            var made = await WriteAsync(name, groups, manifest, cancellationToken);
            await CommitAsync(manifest, [.. manifest.Files.Except(chosen), made], cancellationToken);
        }

        await CleanAsync(rule.ManifestsRetained + level, cancellationToken);
    }

    // At most a batch, consecutive, until the size is reached; a file that is too large by itself is passed over.
    private List<LsmFile> Choose(IReadOnlyList<LsmFile> files)
    {
        var chosen = new List<LsmFile>();
        if (files.Count < rule.CompactionBatch)
        {
            return chosen;
        }

        long bytes = 0;
        foreach (var file in files)
        {
            bytes += file.Length;
            chosen.Add(file);
            if (chosen.Count >= rule.CompactionBatch || (bytes > rule.CompactedFileBytes && chosen.Count >= 2))
            {
                break;
            }

            if (bytes > rule.CompactedFileBytes)
            {
                bytes = 0;
                chosen.Clear();
            }
        }

        return chosen;
    }

    private async ValueTask<LsmFile> WriteAsync(string name, IReadOnlyList<IReadOnlyList<LsmRow>> groups, LsmManifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.Files.Any(f => f.Name == name))
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the archived timeline has a file of these instants already", store.Root, folder + "/" + name, remedy: "Let Hudi archive this table");
        }

        // Of this name, but not in the manifest: left by a process that died before it got so far.
        await store.DeleteAsync(folder + "/" + name, cancellationToken);
        await using var target = await store.CreateAsync(folder + "/" + name, Durability.Synced, cancellationToken);
        var writer = new ParquetFileWriter(target.Stream, Schema);
        foreach (var rows in groups.Where(g => g.Count > 0))
        {
            using var batch = ToBatch(rows);
            using var encoded = RowGroupEncoder.Encode(Schema, writer.Options, [batch]);
            await writer.AppendAsync(encoded, cancellationToken);
        }

        writer.SetKeyValue("parquet.avro.schema", AvroSchema);
        writer.SetKeyValue("writer.model.name", "avro");
        await writer.CloseAsync(cancellationToken);
        return new LsmFile(name, await target.CompleteAsync(cancellationToken));
    }

    private async ValueTask CommitAsync(LsmManifest before, IReadOnlyList<LsmFile> files, CancellationToken cancellationToken)
    {
        // A manifest of this number that nothing points to was left by a process that died: its files are not yet, or no longer, on the active timeline alone.
        var next = before with { Version = before.Version + 1, Files = files };
        await PutAsync(LsmManifest.NameOf(next.Version), next.Write(), cancellationToken);
        await PutAsync(LsmManifest.VersionFile, System.Text.Encoding.ASCII.GetBytes(next.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)), cancellationToken);
    }

    private async ValueTask PutAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        var path = folder + "/" + name;
        var put = await store.PutAsync(path, content, PutCondition.None, cancellationToken);
        if (put.Outcome != PutOutcome.Committed && !(await store.ReadAsync(path, cancellationToken)).Span.SequenceEqual(content))
        {
            throw new LakehouseException(LakehouseErrorKind.Storage, "the archived timeline could not be written", store.Root, path, remedy: "Archive again: instants stay on the active timeline until they are archived", inner: put.Cause);
        }
    }

    private async ValueTask CleanAsync(int kept, CancellationToken cancellationToken)
    {
        var names = await store.ListNamesAsync(folder, cancellationToken);
        var versions = names.Where(n => LsmManifest.TryParseName(n, out _)).Select(n => LsmManifest.TryParseName(n, out int v) ? v : 0).OrderDescending().ToList();
        if (versions.Count <= kept)
        {
            return;
        }

        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (int version in versions.Take(kept))
        {
            needed.UnionWith((await LsmManifest.ReadAsync(store, folder, version, cancellationToken)).Files.Select(f => f.Name));
        }

        // Manifests first: a reader must never find one whose files are gone.
        foreach (int version in versions.Skip(kept))
        {
            await store.DeleteAsync(folder + "/" + LsmManifest.NameOf(version), cancellationToken);
        }

        foreach (var name in names.Where(n => LsmFile.IsName(n) && !needed.Contains(n)))
        {
            await store.DeleteAsync(folder + "/" + name, cancellationToken);
        }
    }

    private static RecordBatch ToBatch(IReadOnlyList<LsmRow> rows)
    {
        var (times, completions, actions) = (new StringArray.Builder(), new StringArray.Builder(), new StringArray.Builder());
        var (metadata, plans, versions) = (new BinaryArray.Builder(), new BinaryArray.Builder(), new Int32Array.Builder());
        foreach (var row in rows)
        {
            times.Append(row.InstantTime);
            completions.Append(row.CompletionTime);
            actions.Append(row.Action);
            Append(metadata, row.Metadata);
            Append(plans, row.Plan);
            versions.Append(row.Version);
        }

        return new RecordBatch(LsmRow.Schema, [times.Build(), completions.Build(), actions.Build(), metadata.Build(), plans.Build(), versions.Build()], rows.Count);

        static void Append(BinaryArray.Builder column, byte[]? bytes) => _ = bytes is null ? column.AppendNull() : column.Append(bytes.AsSpan());
    }
}
