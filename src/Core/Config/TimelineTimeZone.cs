namespace OllaLab.Lakehouse.Config;

/// <summary>The zone of instant times (<c>hoodie.table.timeline.timezone</c>).</summary>
internal enum TimelineTimeZone
{
    /// <summary>The zone of whoever writes; Hudi's default, so all writers of such a table must share one.</summary>
    Local,

    /// <summary>UTC; what tables created here use.</summary>
    Utc,
}
