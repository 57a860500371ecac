using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The marker of one file that is being written. A writer that slept past its heartbeats was rolled back, markers and all: a file that it finishes afterwards, before it finds that out or dies, must be found
/// by whoever cleans up, or it would count as committed once the timeline is archived past it. So it is announced again first where much time went by.
/// </summary>
internal sealed class FileMarker(BaseFileContext context, string partitionPath, string fileName, MarkerType type)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private long put;

    /// <summary>Must have returned before the file is created.</summary>
    public async ValueTask CreateAsync(CancellationToken cancellationToken)
    {
        put = context.Environment.Clock.GetTimestamp();
        await context.Markers.CreateAsync(partitionPath, fileName, type, cancellationToken);
    }

    /// <summary>Must have returned before the file is completed.</summary>
    public ValueTask RenewAsync(CancellationToken cancellationToken) => context.Environment.Clock.GetElapsedTime(put) > Long ? CreateAsync(cancellationToken) : default;
}
