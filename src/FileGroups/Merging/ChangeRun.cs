namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Changes of a file slice in the order of their positions; may be read several times.</summary>
internal abstract class ChangeRun : IDisposable
{
    public abstract IEnumerable<ChangedRows> Read();

    public virtual void Dispose()
    {
    }
}
