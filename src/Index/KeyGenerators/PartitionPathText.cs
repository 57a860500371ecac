using System.Globalization;
using System.Text;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Escaping of partition values (org.apache.hudi.common.util.PartitionPathEncodeUtils).</summary>
internal static class PartitionPathText
{
    /// <summary>Stands for a null or empty value.</summary>
    public const string Default = "__HIVE_DEFAULT_PARTITION__";

    private static readonly bool[] Escaped = MakeEscaped();

    /// <summary>Writes each character that Hive escapes as %XX; an empty value becomes <see cref="Default"/>.</summary>
    public static string Escape(string value)
    {
        if (value.Length == 0)
        {
            return Default;
        }

        int first = IndexOfEscaped(value);
        if (first < 0)
        {
            return value;
        }

        var text = new StringBuilder(value.Length + 8).Append(value, 0, first);
        foreach (char c in value.AsSpan(first))
        {
            if (c < Escaped.Length && Escaped[c])
            {
                text.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>The inverse: %XX becomes its character; a % that no two hexadecimal digits follow stays.</summary>
    public static string Unescape(string path)
    {
        if (!path.Contains('%'))
        {
            return path;
        }

        var text = new StringBuilder(path.Length);
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length
                && int.TryParse(path.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
            {
                text.Append((char)code);
                i += 2;
            }
            else
            {
                text.Append(path[i]);
            }
        }

        return text.ToString();
    }

    private static int IndexOfEscaped(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] < Escaped.Length && Escaped[value[i]])
            {
                return i;
            }
        }

        return -1;
    }

    private static bool[] MakeEscaped()
    {
        bool[] set = new bool[128];
        for (int c = 0; c < 0x20; c++)
        {
            set[c] = true;
        }

        foreach (char c in "\"#%'*/:=?\\\u007f{[]^")
        {
            set[c] = true;
        }

        return set;
    }
}
