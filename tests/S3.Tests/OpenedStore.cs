using OllaLab.Lakehouse.S3;
using OllaLab.Lakehouse.S3Tests;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Core.Tests.Storage;

/// <summary>The S3 store for the contract that all stores are held to.</summary>
public sealed class OpenedStore(IObjectStore store) : IDisposable
{
    public static readonly TheoryData<string> Kinds = ["s3"];

    public IObjectStore Store => store;

    public static OpenedStore Open(string kind) => new(new S3ObjectStore(S3Server.NewLocation(), S3Server.Options()));

    public void Dispose()
    {
    }
}
