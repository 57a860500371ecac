namespace OllaLab.Lakehouse.Text;

/// <summary>Cuts one CSV record (RFC 4180) into fields. Doubled quotes are undone into a scratch buffer.</summary>
internal ref struct CsvFields(ReadOnlySpan<byte> record, byte delimiter, byte[] scratch)
{
    private ReadOnlySpan<byte> _rest = record;
    private bool _more = true;

    /// <summary>The field found. Lives until the next <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the field stood in quotes: an empty one is then an empty text, not a null.</summary>
    public bool Quoted { get; private set; }

    public bool Next()
    {
        if (!_more)
        {
            return false;
        }

        Quoted = !_rest.IsEmpty && _rest[0] == '"';
        if (Quoted)
        {
            ReadQuoted();
        }
        else
        {
            var end = _rest.IndexOf(delimiter);
            Value = end < 0 ? _rest : _rest[..end];
            if (Value.Contains((byte)'"'))
            {
                throw new TextValueException($"a quote inside a field that does not begin with one: {TextErrors.Shown(Value)}", "Put the whole field in quotes and double the quotes in it");
            }

            Advance(end);
        }

        return true;
    }

    private void ReadQuoted()
    {
        var text = _rest[1..];
        var used = 0;
        while (true)
        {
            var quote = text.IndexOf((byte)'"');
            if (quote < 0)
            {
                throw new TextValueException($"a quote is not closed: {TextErrors.Shown(_rest)}");
            }

            text[..quote].CopyTo(scratch.AsSpan(used));
            used += quote;
            text = text[(quote + 1)..];
            if (text.IsEmpty || text[0] != '"')
            {
                break;
            }

            scratch[used++] = (byte)'"';
            text = text[1..];
        }

        if (!text.IsEmpty && text[0] != delimiter)
        {
            throw new TextValueException($"text after a closing quote: {TextErrors.Shown(text)}");
        }

        Value = scratch.AsSpan(0, used);
        _rest = text;
        Advance(text.IsEmpty ? -1 : 0);
    }

    private void Advance(int delimiterAt)
    {
        _more = delimiterAt >= 0;
        _rest = _more ? _rest[(delimiterAt + 1)..] : default;
    }
}
