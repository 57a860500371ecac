namespace OllaLab.Lakehouse.Metadata;

/// <summary>One caller at a time for what is read bit by bit. After a failure it may have been left anywhere, and is not taken over by whoever comes later.</summary>
internal sealed class SharedUse
{
    private readonly SemaphoreSlim turn = new(1);

    public bool HasFailed { get; private set; }

    public async Task RunAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        catch
        {
            HasFailed = true;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }
}
