using System.Globalization;
using System.Text;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Jackson's pretty printing, byte for byte: "key" : value, two spaces a level, arrays in one line around their elements, "{ }" and "[ ]" when empty.</summary>
internal sealed class JacksonWriter
{
    private readonly StringBuilder text = new(4096);
    private int depth;
    private bool first = true;

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    public void StartObject() => Start('{');

    public void EndObject()
    {
        depth--;
        if (first)
        {
            text.Append(" }");
        }
        else
        {
            NewLine();
            text.Append('}');
        }

        first = false;
    }

    public void StartArray()
    {
        text.Append('[');
        first = true;
    }

    public void EndArray()
    {
        text.Append(" ]");
        first = false;
    }

    /// <summary>Before each element of an array.</summary>
    public void Element()
    {
        text.Append(first ? " " : ", ");
        first = false;
    }

    public void Name(string name)
    {
        if (!first)
        {
            text.Append(',');
        }

        first = false;
        NewLine();
        Quote(name);
        text.Append(" : ");
    }

    public void Value(string? value)
    {
        if (value is null)
        {
            text.Append("null");
        }
        else
        {
            Quote(value);
        }
    }

    public void Value(long? value) => text.Append(value is { } number ? number.ToString(CultureInfo.InvariantCulture) : "null");

    public void Value(bool value) => text.Append(value ? "true" : "false");

    public void Property(string name, string? value)
    {
        Name(name);
        Value(value);
    }

    public void Property(string name, long? value)
    {
        Name(name);
        Value(value);
    }

    private void Start(char bracket)
    {
        text.Append(bracket);
        depth++;
        first = true;
    }

    private void NewLine() => text.Append('\n').Append(' ', depth * 2);

    /// <summary>Jackson escapes quotes, backslashes and control characters, and leaves everything else as it is.</summary>
    private void Quote(string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ': text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }
}
