using System.CommandLine;

namespace OllaLab.Lakehouse.Cli;

/// <summary>What every command takes.</summary>
internal sealed class CommonOptions
{
    public Option<bool> Json { get; } = new("--json") { Description = "Results as JSON, one object a line; errors as JSON too", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "No progress on the terminal", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the causes of an error", Recursive = true };

    public static Argument<string> Table() => new("TABLE") { Description = "The table's folder, or s3://bucket/folder" };

    /// <summary>An option that may be given several times or with commas between.</summary>
    public static Option<string[]> List(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore };

    public static string[] Split(string[]? values) => [.. (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary><c>--option key=value</c>, any number of times.</summary>
    public static Option<string[]> KeyValues(string name, string description) => new(name) { Description = description, HelpName = "key=value", Arity = ArgumentArity.OneOrMore };

    public static Dictionary<string, string> Pairs(string name, string[]? values)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values ?? [])
        {
            var equals = value.IndexOf('=');
            if (equals <= 0)
            {
                throw new UsageException($"{name} takes {(name == "--table" ? "name=TABLE" : "key=value")}, not '{value}'");
            }

            if (!names.Add(value[..equals]))
            {
                throw new UsageException($"{name} {value[..equals]} is given twice");
            }

            // Who else writes is what a table is opened with (TableLocation.Concurrency).
            if (name != "--option" || !ConcurrencyOptions.IsProperty(value[..equals]))
            {
                pairs.Add(value[..equals], value[(equals + 1)..]);
            }
        }

        return pairs;
    }
}
