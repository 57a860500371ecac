using System.Text;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The base file of a file group of the metadata table, open. For one caller at a time (<see cref="Use"/>).</summary>
internal sealed class MetadataStoredFile
{
    private readonly BaseFile file;
    private readonly string? completed;

    private MetadataStoredFile(BaseFile file, string? completed, HFile rows, MetadataRecordCodec codec)
    {
        this.file = file;
        this.completed = completed;
        Rows = rows;
        Codec = codec;
    }

    public HFile Rows { get; }

    public MetadataRecordCodec Codec { get; }

    public SharedUse Use { get; } = new();

    /// <param name="store">The metadata table's storage.</param>
    /// <param name="file">The file.</param>
    /// <param name="completed">When its instant was completed; null: not known.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<MetadataStoredFile> OpenAsync(IObjectStore store, BaseFile file, string? completed, CancellationToken cancellationToken)
    {
        var rows = await HFile.OpenAsync(store, file.Path, file.Length, cancellationToken);
        return new MetadataStoredFile(
            file,
            completed,
            rows,
            rows.Info.TryGetValue(HFileInfo.Schema, out var schema)
                ? MetadataRecordCodec.For(Encoding.UTF8.GetString(schema.Span))
                : throw HFile.Damaged(file.Path, "it does not say which schema its records have"));
    }

    /// <inheritdoc cref="MetadataLog.Is"/>
    public bool Is(BaseFile other, string? time) => !Use.HasFailed && time is not null && time == completed && other.Path == file.Path && other.Length == file.Length;
}
