using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>How the changes that one commit made in one file group are known (HoodieCDCInferenceCase).</summary>
internal enum ChangeInference
{
    /// <summary>From CDC files beside the base file (AS_IS).</summary>
    Logged,

    /// <summary>All rows of a new base file are inserted (BASE_FILE_INSERT).</summary>
    Inserted,

    /// <summary>All rows of the slice before are deleted (BASE_FILE_DELETE, REPLACE_COMMIT).</summary>
    Deleted,

    /// <summary>From what the log files of the commit make of the slice before (LOG_FILE).</summary>
    Compared,
}

/// <summary>The changes that one commit made in one file group.</summary>
/// <param name="Instant">The commit's requested time.</param>
/// <param name="Inference">How they are known.</param>
/// <param name="Before">The slice before the commit; null: there was none, or it is not needed.</param>
/// <param name="After">The slice with the commit; null where all is deleted.</param>
/// <param name="Logs">CDC files, or the log files that the commit wrote.</param>
internal sealed record ChangeSource(string Instant, ChangeInference Inference, FileSlice? Before, FileSlice? After, IReadOnlyList<LogFile> Logs);
