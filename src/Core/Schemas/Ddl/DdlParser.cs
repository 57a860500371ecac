using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>Reads a list of columns in Spark's DDL (StructType.fromDDL).</summary>
internal sealed class DdlParser
{
    private readonly string _text;
    private int _at;

    private DdlParser(string text) => _text = text;

    public static Schema Parse(string ddl)
    {
        var parser = new DdlParser(ddl);
        var fields = parser.Fields('\0', structField: false);
        return new Schema(fields, null);
    }

    private List<Field> Fields(char end, bool structField)
    {
        var fields = new List<Field>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        do
        {
            int start = Skip();
            var name = Name();
            if (!names.Add(name))
            {
                throw Wrong($"the column {name} is there twice", start);
            }

            if (structField)
            {
                Take(':');
            }

            fields.Add(Rest(name, Type()));
        }
        while (Take(','));

        Skip();
        if (end == '\0' ? _at < _text.Length : !Take(end))
        {
            throw Wrong(end == '\0' ? "a comma is expected" : $"a comma or '{end}' is expected", _at);
        }

        return fields;
    }

    private Field Rest(string name, IArrowType type)
    {
        bool nullable = true;
        Dictionary<string, string>? metadata = null;
        while (true)
        {
            int start = Skip();
            switch (Word().ToLowerInvariant())
            {
                case "not":
                    int second = Skip();
                    nullable = Word().Equals("null", StringComparison.OrdinalIgnoreCase) ? false : throw Wrong("'not null' is expected", second);
                    break;
                case "null":
                    break;
                case "comment":
                    metadata = new Dictionary<string, string> { [ArrowToAvro.ColumnComment] = Quoted() };
                    break;
                case "":
                    return new Field(name, type, nullable, metadata);
                default:
                    throw Wrong("'not null', 'comment', a comma or the end is expected", start);
            }
        }
    }

    private IArrowType Type()
    {
        int start = Skip();
        switch (Word().ToLowerInvariant())
        {
            case "boolean" or "bool":
                return BooleanType.Default;
            case "tinyint" or "byte":
                return Int8Type.Default;
            case "smallint" or "short":
                return Int16Type.Default;
            case "int" or "integer":
                return Int32Type.Default;
            case "bigint" or "long":
                return Int64Type.Default;
            case "float" or "real":
                return FloatType.Default;
            case "double":
                return DoubleType.Default;
            case "string":
                return StringType.Default;
            case "varchar" or "char" or "character":
                Arguments(1);
                return StringType.Default;
            case "binary" or "bytes":
                return BinaryType.Default;
            case "date":
                return Date32Type.Default;
            case "timestamp" or "timestamp_ltz":
                return TimeTypes.TimestampMicros;
            case "timestamp_ntz":
                return TimeTypes.LocalTimestampMicros;
            case "decimal" or "dec" or "numeric":
                var digits = Skip() < _text.Length && _text[_at] == '(' ? Arguments(2) : [10, 0];
                return digits[0] is >= 1 and <= AvroToArrow.MaxPrecision && digits[1] <= digits[0]
                    ? new Decimal128Type(digits[0], digits[1])
                    : throw Wrong($"decimal({digits[0]},{digits[1]}) is not possible: use 1 to {AvroToArrow.MaxPrecision} digits, and no more of them after the point", start);
            case "array":
                Expect('<');
                var item = Rest(AvroToArrow.ElementName, Type());
                Expect('>');
                return new ListType(item);
            case "map":
                Expect('<');
                int keyStart = Skip();
                var key = Type() is StringType text ? text : throw Wrong("a map's key must be a string", keyStart);
                Expect(',');
                var value = Rest("value", Type());
                Expect('>');
                return new MapType(new Field("key", key, false), value);
            case "struct":
                Expect('<');
                return new StructType(Fields('>', structField: true));
            case "":
                throw Wrong("a type is expected", start);
            case "uuid":
                throw Wrong("uuid is no type of Spark's: use string", start);
            case var name:
                throw Wrong($"'{name}' is not a type that is known here", start);
        }
    }

    private int[] Arguments(int most)
    {
        Expect('(');
        var numbers = new List<int>();
        do
        {
            int start = Skip();
            numbers.Add(int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : throw Wrong("a number is expected", start));
        }
        while (numbers.Count < most && Take(','));
        Expect(')');
        return [.. numbers, 0];
    }

    private string Name()
    {
        int start = Skip();
        if (_at < _text.Length && _text[_at] == '`')
        {
            return Delimited('`');
        }

        var word = Word();
        return word.Length > 0 ? word : throw Wrong("a column name is expected", start);
    }

    private string Quoted()
    {
        int start = Skip();
        return _at < _text.Length && _text[_at] is '\'' or '"' ? Delimited(_text[_at]) : throw Wrong("a text in quotes is expected", start);
    }

    /// <summary>A text between two equal marks; a doubled mark stands for itself, and so does one after a backslash in a comment.</summary>
    private string Delimited(char mark)
    {
        int start = _at++;
        var text = new StringBuilder();
        while (_at < _text.Length)
        {
            char c = _text[_at++];
            if (c == '\\' && mark != '`' && _at < _text.Length)
            {
                c = _text[_at++];
            }
            else if (c == mark)
            {
                if (_at >= _text.Length || _text[_at] != mark)
                {
                    return text.ToString();
                }

                _at++;
            }

            text.Append(c);
        }

        throw Wrong($"the closing {mark} is missing", start);
    }

    private string Word()
    {
        int start = Skip();
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private int Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at;
    }

    private bool Take(char c)
    {
        bool there = Skip() < _text.Length && _text[_at] == c;
        _at += there ? 1 : 0;
        return there;
    }

    private void Expect(char c)
    {
        if (!Take(c))
        {
            throw Wrong($"'{c}' is expected", _at);
        }
    }

    private LakehouseException Wrong(string problem, int at) => new(
        LakehouseErrorKind.InvalidInput, $"The column list is wrong at character {at + 1}: {problem}", remedy: "Write it as 'name type [not null] [comment 'text'], ...'");
}
