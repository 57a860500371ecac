using System.Text;

namespace OllaLab.Lakehouse;

/// <summary>The one exception of this library. <see cref="Exception.Message"/> is one line: what is wrong, where (table, path, instant) and the remedy.</summary>
public sealed class LakehouseException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="kind">What the caller can do about it.</param>
    /// <param name="problem">What is wrong, without table, path, instant and remedy: these are added to the message.</param>
    /// <param name="table">The table's root, or null where no table is concerned.</param>
    /// <param name="path">The file, relative to the table's root, or null.</param>
    /// <param name="instant">The instant's requested time, or null.</param>
    /// <param name="remedy">What to do, as a sentence in the imperative, or null.</param>
    /// <param name="inner">The cause.</param>
    public LakehouseException(LakehouseErrorKind kind, string problem, string? table = null, string? path = null, string? instant = null, string? remedy = null, Exception? inner = null)
        : base(Describe(problem, table, path, instant, remedy), inner)
    {
        Kind = kind;
        Problem = problem;
        Table = table;
        Path = path;
        Instant = instant;
        Remedy = remedy;
    }

    /// <summary>What the caller can do about it.</summary>
    public LakehouseErrorKind Kind { get; }

    /// <summary>What is wrong, without the place and the remedy.</summary>
    public string Problem { get; }

    /// <summary>The table's root, or null.</summary>
    public string? Table { get; }

    /// <summary>The file concerned, relative to the table's root, or null.</summary>
    public string? Path { get; }

    /// <summary>The instant concerned, or null.</summary>
    public string? Instant { get; }

    /// <summary>What to do about it, or null.</summary>
    public string? Remedy { get; }

    /// <summary>Whether the same call may succeed when it is made again without any change.</summary>
    public bool IsTransient => Kind is LakehouseErrorKind.Conflict or LakehouseErrorKind.Storage or LakehouseErrorKind.OutcomeUnknown;

    /// <summary>The same error with the table's root filled in where it was not known yet.</summary>
    internal LakehouseException WithTable(string table) =>
        Table is not null ? this : new LakehouseException(Kind, Problem, table, Path, Instant, Remedy, this);

    private static string Describe(string problem, string? table, string? path, string? instant, string? remedy)
    {
        var text = new StringBuilder(problem.TrimEnd('.'));
        string separator = " (";
        void Place(string name, string? value)
        {
            if (value is null)
            {
                return;
            }

            text.Append(separator).Append(name).Append(' ').Append(value);
            separator = ", ";
        }

        Place("table", table);
        Place("file", path);
        Place("instant", instant);
        if (separator == ", ")
        {
            text.Append(')');
        }

        if (remedy is not null)
        {
            text.Append(". ").Append(remedy.TrimEnd('.'));
        }

        return text.Append('.').Replace('\n', ' ').Replace('\0', '?').Replace("\r", string.Empty).ToString();
    }
}
