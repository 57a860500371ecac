#pragma warning disable RS0030 // Part of the local storage adapter.
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>The disk's failures as <see cref="LakehouseException"/>.</summary>
internal static class LocalErrors
{
    private const int AccessDenied = 13;
    private const int NameTooLong = 36;

    public static LakehouseException Absent(string root, string path, Exception? cause = null) =>
        new(LakehouseErrorKind.NotFound, "There is no such file", root, path, inner: cause);

    public static LakehouseException Taken(string root, string path) =>
        new(LakehouseErrorKind.AlreadyExists, "The file is there already", root, path, remedy: "Read the table again; file names are never reused");

    /// <summary>Whether an exception is the disk's, and not an error of ours or of the caller.</summary>
    public static bool IsOfTheDisk(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;

    public static LakehouseException From(Exception error, string root, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => Absent(root, path, error),
        PathTooLongException => new(LakehouseErrorKind.InvalidInput, "The path is too long for this disk", root, path, remedy: "Shorten the partition values", inner: error),
        UnauthorizedAccessException => new(LakehouseErrorKind.Storage, "The disk refused access", root, path, remedy: "Check the permissions of the file and its folders", inner: error),
        _ => new(LakehouseErrorKind.Storage, $"The disk failed: {error.Message}", root, path, remedy: "Check free space and the disk's health, then try again", inner: error),
    };

    /// <summary>The same for an error number of a system call.</summary>
    public static Exception From(int error, string fullPath) => error switch
    {
        Posix.NoEntry => new DirectoryNotFoundException($"{Marshal.GetPInvokeErrorMessage(error)}: {fullPath}"),
        AccessDenied => new UnauthorizedAccessException($"{Marshal.GetPInvokeErrorMessage(error)}: {fullPath}"),
        NameTooLong => new PathTooLongException($"{Marshal.GetPInvokeErrorMessage(error)}: {fullPath}"),
        _ => new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {fullPath}", error),
    };
}
