using System.Diagnostics;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>The command line as a process of its own, which can be killed. The test project must refer to src/Cli.</summary>
public sealed class LakehouseProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private LakehouseProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public static LakehouseProcess Start(string input, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var name = System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        string[] all = ["exec", "--runtimeconfig", name + ".runtimeconfig.json", "--depsfile", name + ".deps.json", "lakehouse.dll", .. arguments];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read.
        }

        return new LakehouseProcess(process);
    }

    /// <summary>As kill -9 does.</summary>
    public void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }

    public async Task<(int Code, string Output, string Error)> WaitAsync()
    {
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => process.Dispose();
}
