using System.Diagnostics;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>A folder of one item's own, removed after it.</summary>
internal sealed class WorkFolder : IAsyncDisposable
{
    private int names;

    public WorkFolder(Scratch scratch)
    {
        Path = System.IO.Path.Combine(scratch.Folder, "work-" + Environment.ProcessId);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string New() => System.IO.Path.Combine(Path, $"{names++}");

    /// <summary>A copy of a table that shares its files (hard links): tables never change a file in place.</summary>
    public async Task<string> LinkAsync(string table)
    {
        var copy = New();
        using var process = Process.Start("cp", ["-al", table, copy]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? copy : throw new InvalidOperationException("cp failed");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
