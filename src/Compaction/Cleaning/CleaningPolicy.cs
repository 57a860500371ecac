namespace OllaLab.Lakehouse;

/// <summary>Which old files a cleaner keeps (hoodie.clean.policy). The latest version of each file group always stays, and so do files that a savepoint or a planned service needs.</summary>
public enum CleaningPolicy
{
    /// <summary>What the latest commits need: time travel to each of them (KEEP_LATEST_COMMITS).</summary>
    KeepLatestCommits,

    /// <summary>So many versions of each file group, whatever their age (KEEP_LATEST_FILE_VERSIONS): time travel may find less than there was.</summary>
    KeepLatestFileVersions,

    /// <summary>What the commits of the latest hours need (KEEP_LATEST_BY_HOURS).</summary>
    KeepLatestByHours,
}
