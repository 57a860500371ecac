namespace OllaLab.Lakehouse.Storage;

/// <summary>When a write must survive a power cut. Either way it is visible at once to every reader, and survives the end of this process.</summary>
public enum Durability
{
    /// <summary>When the call returns. The default.</summary>
    Synced,

    /// <summary>
    /// At the latest when the next <see cref="Synced"/> write through the same store returns, and never later than the visibility of that write: a synced write first syncs what was
    /// deferred before it. For files that mean nothing before a commit names them (pending instants, markers, data files), so that one sync of a folder serves many of them. After a power cut before that a
    /// deferred object is there or not; a small one (put) is whole if there, a large one (created and written) may lack content.
    /// </summary>
    Deferred,
}
