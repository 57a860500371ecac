using System.Globalization;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Names of base and log files (FSUtils, HoodieBaseFile, HoodieLogFile; spec: "File Layout").</summary>
internal static class FileNames
{
    private static readonly string[] BaseExtensions = [".parquet", ".orc", ".hfile", ".lance"];

    /// <summary>fileId_writeToken_instant.extension.</summary>
    public static string MakeBaseFile(string instant, string writeToken, string fileId, string extension = ".parquet") => $"{fileId}_{writeToken}_{instant}{extension}";

    /// <summary>.fileId_instant.log.version_writeToken.</summary>
    public static string MakeLogFile(string fileId, string instant, int version, string writeToken, bool cdc = false) =>
        string.Create(CultureInfo.InvariantCulture, $".{fileId}_{instant}.log.{version}_{writeToken}{(cdc ? ".cdc" : string.Empty)}");

    /// <summary>taskPartitionId-stageId-taskAttemptId; ours to choose, different for each attempt at writing a file.</summary>
    public static string MakeWriteToken(int taskPartitionId, int stageId, long taskAttemptId) => string.Create(CultureInfo.InvariantCulture, $"{taskPartitionId}-{stageId}-{taskAttemptId}");

    /// <summary>prefix-number; the prefix is a UUID.</summary>
    public static string MakeFileId(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}");

    /// <summary>Reads a base file's name; false where it is none (three digits-and-dashes parts, and one of Hudi's extensions).</summary>
    public static bool TryParseBaseFile(string partitionPath, string name, long length, out BaseFile file)
    {
        file = null!;
        int extension = name.LastIndexOf('.');
        int first = name.IndexOf('_');
        int second = first < 0 ? -1 : name.IndexOf('_', first + 1);
        if (first <= 0 || second < 0 || extension < second || !IsBaseExtension(name.AsSpan(extension)) || name[0] == '.')
        {
            return false;
        }

        var token = name.AsSpan(first + 1, second - first - 1);
        var instant = name.AsSpan(second + 1, extension - second - 1);
        if (!IsToken(token) || instant.IsEmpty || instant.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        file = new BaseFile(partitionPath, name[..first], token.ToString(), instant.ToString(), name, length);
        return true;
    }

    /// <summary>Reads a log file's name, of both schemes; false where it is none. <see cref="LogFile.WriteToken"/> is empty in very old names without one.</summary>
    public static bool TryParseLogFile(string partitionPath, string name, long length, out LogFile file)
    {
        const string Marker = ".log.";
        file = null!;
        int underscore = name.IndexOf('_');
        int marker = name.IndexOf(Marker, StringComparison.Ordinal);
        if (name.Length == 0 || name[0] != '.' || underscore < 2 || marker < underscore || name.AsSpan(1, underscore - 1).Contains('.'))
        {
            return false;
        }

        var rest = name.AsSpan(marker + Marker.Length);
        bool cdc = rest.EndsWith(".cdc");
        rest = cdc ? rest[..^4] : rest;
        int split = rest.IndexOf('_');
        var token = split < 0 ? default : rest[(split + 1)..];
        if ((split >= 0 && !IsToken(token))
            || (split < 0 && cdc)
            || !int.TryParse(split < 0 ? rest : rest[..split], NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            return false;
        }

        file = new LogFile(partitionPath, name[1..underscore], name[(underscore + 1)..marker], version, token.ToString(), name, length, cdc);
        return true;
    }

    /// <summary>Instant, version, write token, CDC last (HoodieLogFile.LogFileComparator).</summary>
    public static int CompareLogFiles(LogFile a, LogFile b)
    {
        int order = string.CompareOrdinal(a.Instant, b.Instant);
        order = order != 0 ? order : a.Version.CompareTo(b.Version);
        order = order != 0 ? order : string.CompareOrdinal(a.WriteToken, b.WriteToken);
        return order != 0 ? order : a.IsCdc.CompareTo(b.IsCdc);
    }

    private static bool IsBaseExtension(ReadOnlySpan<char> text)
    {
        foreach (var extension in BaseExtensions)
        {
            if (text.SequenceEqual(extension))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Three numbers with dashes between them.</summary>
    private static bool IsToken(ReadOnlySpan<char> text)
    {
        int dashes = 0;
        bool digit = false;
        foreach (var c in text)
        {
            if (c == '-')
            {
                dashes++;
                if (!digit)
                {
                    return false;
                }

                digit = false;
            }
            else if (char.IsAsciiDigit(c))
            {
                digit = true;
            }
            else
            {
                return false;
            }
        }

        return dashes == 2 && digit;
    }
}
