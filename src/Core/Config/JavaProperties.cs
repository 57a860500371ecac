using System.Globalization;
using System.Text;

namespace OllaLab.Lakehouse.Config;

/// <summary>
/// Java's properties text, byte for byte as java.util.Properties (JDK 17) loads and stores it: ISO-8859-1, \uXXXX, continued lines, escapes, comments.
/// The order of the entries is kept; of a repeated key the last value counts, as in Java.
/// </summary>
internal static class JavaProperties
{
    /// <summary>Reads properties.</summary>
    /// <exception cref="FormatException">A \u escape without four hexadecimal digits (Java: IllegalArgumentException).</exception>
    public static OrderedDictionary<string, string> Parse(ReadOnlySpan<byte> content)
    {
        var properties = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var lines = new JavaPropertiesLines(Encoding.Latin1.GetString(content));
        while (lines.Next() is { } line)
        {
            int keyEnd = KeyEnd(line);
            int valueStart = ValueStart(line, keyEnd);
            properties[Unescape(line.AsSpan(0, keyEnd))] = Unescape(line.AsSpan(valueStart));
        }

        return properties;
    }

    /// <summary>Writes properties.</summary>
    /// <param name="properties">In the order wanted.</param>
    /// <param name="comment">The first line, without '#'.</param>
    /// <param name="time">The second line, as java.util.Date prints it; in UTC.</param>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> properties, string comment, DateTimeOffset time)
    {
        var text = new StringBuilder();
        text.Append('#').Append(comment).Append('\n');
        text.Append('#').Append(time.UtcDateTime.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture)).Append('\n');
        foreach (var (key, value) in properties)
        {
            Escape(text, key, escapeSpaces: true);
            text.Append('=');
            Escape(text, value, escapeSpaces: false);
            text.Append('\n');
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static int KeyEnd(string line)
    {
        bool escaped = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (!escaped && (line[i] is '=' or ':' or ' ' or '\t' or '\f'))
            {
                return i;
            }

            escaped = line[i] == '\\' && !escaped;
        }

        return line.Length;
    }

    // One separator, with white space around it; white space alone separates too.
    private static int ValueStart(string line, int keyEnd)
    {
        bool separated = false;
        int i = keyEnd;
        for (; i < line.Length; i++)
        {
            if (line[i] is ' ' or '\t' or '\f')
            {
                continue;
            }

            if (separated || line[i] is not ('=' or ':'))
            {
                break;
            }

            separated = true;
        }

        return i;
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            if (++i == text.Length)
            {
                break;
            }

            switch (text[i])
            {
                case 'u':
                    if (text.Length - i < 5 || !ushort.TryParse(text.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                    {
                        throw new FormatException("A \\u escape is not followed by four hexadecimal digits");
                    }

                    plain.Append((char)code);
                    i += 4;
                    break;
                case 't': plain.Append('\t'); break;
                case 'r': plain.Append('\r'); break;
                case 'n': plain.Append('\n'); break;
                case 'f': plain.Append('\f'); break;
                default: plain.Append(text[i]); break;
            }
        }

        return plain.ToString();
    }

    private static void Escape(StringBuilder text, string value, bool escapeSpaces)
    {
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            _ = c switch
            {
                ' ' => i == 0 || escapeSpaces ? text.Append("\\ ") : text.Append(' '),
                '\\' => text.Append("\\\\"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\f' => text.Append("\\f"),
                '=' or ':' or '#' or '!' => text.Append('\\').Append(c),
                < ' ' or > '~' => text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }
    }
}
