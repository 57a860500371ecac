namespace OllaLab.Lakehouse.FileGroups;

/// <summary>How far a write is, to be looked at from another thread now and then. Counted by batches and row groups, so that it costs the write nothing.</summary>
internal sealed class WriteProgress
{
    private long read;
    private long written;
    private volatile WriteStage stage;

    public WriteStage Stage
    {
        get => stage;
        set => stage = value;
    }

    /// <summary>Rows of the input so far.</summary>
    public long Read => Interlocked.Read(ref read);

    /// <summary>Rows that new files hold so far, those among them that stay as they were.</summary>
    public long Written => Interlocked.Read(ref written);

    public void AddRead(long rows) => Interlocked.Add(ref read, rows);

    public void AddWritten(long rows) => Interlocked.Add(ref written, rows);
}

/// <summary>What a write is busy with.</summary>
internal enum WriteStage
{
    Reading,
    LookingUpKeys,
    Writing,
}
