namespace OllaLab.Lakehouse.Cli.Input;

/// <summary>How much of an input is read, in whatever it is counted in; a total of 0 where that is not known.</summary>
internal sealed class InputProgress
{
    private long done;
    private long total;

    public long Done
    {
        get => Interlocked.Read(ref done);
        set => Interlocked.Exchange(ref done, value);
    }

    public long Total
    {
        get => Interlocked.Read(ref total);
        set => Interlocked.Exchange(ref total, value);
    }
}
