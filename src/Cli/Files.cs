#pragma warning disable RS0030 // The files that a user names on the command line are no part of a table: they are opened here and nowhere else.
namespace OllaLab.Lakehouse.Cli;

/// <summary>Files named on the command line.</summary>
internal static class Files
{
    public const string Standard = "-";

    public static Stream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e);
        }
    }

    public static Stream Create(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e);
        }
    }

    private static LakehouseException Failed(string path, Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? new(LakehouseErrorKind.NotFound, $"There is no file {path}", inner: e)
        : new(LakehouseErrorKind.Storage, $"{path} cannot be opened: {e.Message}", inner: e);
}
