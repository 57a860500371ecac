using System.Text;

namespace OllaLab.Lakehouse.Text;

/// <summary>The wording of what can be wrong with a line of text.</summary>
internal static class TextErrors
{
    private const int ShownBytes = 40;

    public static LakehouseException AtLine(string? source, long line, string field, string problem, string? remedy, Exception? inner = null) => new(
        LakehouseErrorKind.InvalidInput,
        field.Length == 0 ? $"Line {line}: {problem}" : $"Line {line}, field \"{field}\": {problem}",
        path: source,
        remedy: remedy ?? "Correct the input; nothing was written",
        inner: inner is TextValueException ? null : inner);

    /// <summary>A value as it stands in the input, cut after 40 bytes.</summary>
    public static string Shown(ReadOnlySpan<byte> utf8)
    {
        var cut = utf8.Length <= ShownBytes ? utf8 : utf8[..ShownBytes];
        var text = new StringBuilder(Encoding.UTF8.GetString(cut)).Replace('\n', ' ').Replace('\r', ' ').Replace('\0', ' ');
        if (cut.Length < utf8.Length)
        {
            // A character cut in two shows as U+FFFD.
            while (text.Length > 0 && text[^1] == '\uFFFD')
            {
                text.Length--;
            }

            text.Append('…');
        }

        return text.ToString();
    }
}
