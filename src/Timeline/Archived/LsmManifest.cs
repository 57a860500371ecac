using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>A file of the history of a table of version 8 or 9: instants by requested time, MIN_MAX_LEVEL.parquet (LSMTimeline).</summary>
/// <param name="Name">Its bare name.</param>
/// <param name="Length">Bytes.</param>
internal readonly partial record struct LsmFile(string Name, long Length)
{
    public string Min => Pattern().Match(Name).Groups[1].Value;

    public string Max => Pattern().Match(Name).Groups[2].Value;

    public int Level => int.Parse(Pattern().Match(Name).Groups[3].Value, CultureInfo.InvariantCulture);

    public static string MakeName(string min, string max, int level) => string.Create(CultureInfo.InvariantCulture, $"{min}_{max}_{level}.parquet");

    public static bool IsName(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"^(\d+)_(\d+)_(\d)\.parquet$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>Which files make up the history (HoodieLSMTimelineManifest). Others in the folder are of earlier manifests, or were never committed.</summary>
/// <param name="Version">Its number; 0 where there is no history yet.</param>
/// <param name="Files">In the order of the file.</param>
internal sealed record LsmManifest(int Version, IReadOnlyList<LsmFile> Files)
{
    /// <summary>The file that holds the number of the latest manifest.</summary>
    public const string VersionFile = "_version_";

    private const string Prefix = "manifest_";

    public static string NameOf(int version) => Prefix + version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number in a manifest's name.</summary>
    public static bool TryParseName(string name, out int version)
    {
        version = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    /// <summary>The latest manifest; that of version 0 and no files where there is none. The version file is missing for a moment while it is replaced: then the greatest number there is counts.</summary>
    public static async ValueTask<LsmManifest> LoadAsync(IObjectStore store, string folder, CancellationToken cancellationToken)
    {
        var names = await store.ListNamesAsync(folder, cancellationToken);
        var versions = names.Where(n => TryParseName(n, out _)).Select(n => TryParseName(n, out int v) ? v : 0).ToList();
        if (versions.Count == 0)
        {
            return new LsmManifest(0, []);
        }

        int latest = names.Contains(VersionFile) && await ReadVersionAsync(store, folder, cancellationToken) is { } stored && versions.Contains(stored) ? stored : versions.Max();
        return await ReadAsync(store, folder, latest, cancellationToken);
    }

    public static async ValueTask<LsmManifest> ReadAsync(IObjectStore store, string folder, int version, CancellationToken cancellationToken)
    {
        var path = folder + "/" + NameOf(version);
        try
        {
            using var json = JsonDocument.Parse(await store.ReadAsync(path, cancellationToken));
            var files = json.RootElement.GetProperty("files").EnumerateArray()
                .Select(f => new LsmFile(f.GetProperty("fileName").GetString() ?? string.Empty, f.GetProperty("fileLen").GetInt64())).ToList();
            return files.TrueForAll(f => LsmFile.IsName(f.Name)) ? new LsmManifest(version, files) : throw new FormatException("it names a file that is none of a history's");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the manifest of the archived timeline cannot be read: " + e.Message, store.Root, path, remedy: "Restore the file", inner: e);
        }
    }

    /// <summary>As Java prints it.</summary>
    public byte[] Write()
    {
        var json = new StringBuilder("{\n  \"files\" : [");
        for (int i = 0; i < Files.Count; i++)
        {
            json.Append(i == 0 ? " {" : ", {").Append(CultureInfo.InvariantCulture, $"\n    \"fileName\" : \"{Files[i].Name}\",\n    \"fileLen\" : {Files[i].Length}\n  }}");
        }

        return Encoding.UTF8.GetBytes(json.Append(" ]\n}").ToString());
    }

    private static async ValueTask<int?> ReadVersionAsync(IObjectStore store, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var content = await store.ReadAsync(folder + "/" + VersionFile, cancellationToken);
            return int.TryParse(Encoding.UTF8.GetString(content.Span), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : null;
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.NotFound)
        {
            return null;
        }
    }
}
