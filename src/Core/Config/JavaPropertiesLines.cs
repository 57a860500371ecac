using System.Text;

namespace OllaLab.Lakehouse.Config;

/// <summary>The logical lines of a properties text: comments and blank lines skipped, continued lines joined (java.util.Properties.LineReader).</summary>
internal sealed class JavaPropertiesLines(string text)
{
    private readonly StringBuilder _line = new();
    private int _at;

    /// <summary>The next line, or null at the end.</summary>
    public string? Next()
    {
        _line.Clear();
        bool skipWhiteSpace = true;
        bool continued = false;
        bool backslash = false;
        while (_at < text.Length)
        {
            char c = text[_at++];
            if (skipWhiteSpace)
            {
                if (c is ' ' or '\t' or '\f' || (!continued && (c is '\r' or '\n')))
                {
                    continue;
                }

                skipWhiteSpace = false;
                continued = false;
            }

            if (_line.Length == 0 && (c is '#' or '!'))
            {
                SkipComment();
                skipWhiteSpace = true;
                continue;
            }

            if (c is not ('\r' or '\n'))
            {
                _line.Append(c);
                backslash = c == '\\' && !backslash;
                continue;
            }

            if (_line.Length == 0)
            {
                skipWhiteSpace = true;
                continue;
            }

            if (!backslash)
            {
                return _line.ToString();
            }

            // A backslash before the end of a line joins it with the next, whose leading white space goes.
            _line.Length--;
            if (_at == text.Length)
            {
                // Nothing follows: Java returns the line as it is, even an empty one.
                return _line.ToString();
            }

            skipWhiteSpace = true;
            continued = true;
            backslash = false;
            if (c == '\r' && _at < text.Length && text[_at] == '\n')
            {
                _at++;
            }
        }

        if (backslash)
        {
            _line.Length--;
            return _line.ToString();
        }

        return _line.Length == 0 ? null : _line.ToString();
    }

    private void SkipComment()
    {
        while (_at < text.Length && text[_at] is not ('\r' or '\n'))
        {
            _at++;
        }
    }
}
