using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Storage;

/// <summary>A store of each kind, on which the contract is checked; its folder goes with it.</summary>
public sealed class OpenedStore(IObjectStore store, string? folder) : IDisposable
{
    public static readonly TheoryData<string> Kinds = ["local", "memory", "faulty local", "faulty memory", "folder of local", "folder of memory"];

    public IObjectStore Store => store;

    public static OpenedStore Open(string kind)
    {
        var folder = kind.EndsWith("local", StringComparison.Ordinal) ? Directory.CreateTempSubdirectory("store").FullName : null;
        IObjectStore store = folder is null ? new MemoryObjectStore() : new LocalObjectStore(folder);
        if (kind.StartsWith("folder", StringComparison.Ordinal))
        {
            return new OpenedStore(new FolderStore(store, "inner/table"), folder);
        }

        return new OpenedStore(kind.StartsWith("faulty", StringComparison.Ordinal) ? new FaultInjectingObjectStore(store, FaultPlan.None()) : store, folder);
    }

    public void Dispose()
    {
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
