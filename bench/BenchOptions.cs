using System.Globalization;

namespace OllaLab.Lakehouse.Bench;

/// <summary>What a run is told.</summary>
internal sealed record BenchOptions
{
    public int Rows { get; init; } = 5_000_000;

    /// <summary>Of the tables that services and plans are tried on, and their instants.</summary>
    public int Files { get; init; } = 10_000;

    public int Threads { get; init; } = 2;

    public int Repeat { get; init; } = 3;

    public string[] Only { get; init; } = [];

    public bool Keep { get; init; }

    public string Scratch { get; init; } = Path.Combine(Path.GetTempPath(), "lakehouse-bench");

    public static bool TryParse(string[] arguments, out BenchOptions options)
    {
        options = new BenchOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--keep":
                    options = options with { Keep = true };
                    continue;
                case "--rows" when int.TryParse(value, CultureInfo.InvariantCulture, out var rows) && rows >= 1000:
                    options = options with { Rows = rows };
                    break;
                case "--files" when int.TryParse(value, CultureInfo.InvariantCulture, out var files) && files >= 200:
                    options = options with { Files = files };
                    break;
                case "--threads" when int.TryParse(value, CultureInfo.InvariantCulture, out var threads) && threads >= 1:
                    options = options with { Threads = threads };
                    break;
                case "--repeat" when int.TryParse(value, CultureInfo.InvariantCulture, out var repeat) && repeat >= 1:
                    options = options with { Repeat = repeat };
                    break;
                case "--only" when value.Length > 0:
                    options = options with { Only = value.Split(',') };
                    break;
                case "--scratch" when value.Length > 0:
                    options = options with { Scratch = value };
                    break;
                default:
                    return false;
            }

            i++;
        }

        return true;
    }

    public IEnumerable<string> ToArguments() =>
        ["--rows", $"{Rows}", "--files", $"{Files}", "--threads", $"{Threads}", "--scratch", Scratch];
}
