using System.Buffers.Text;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A place in MySQL's binlog, as Debezium writes it: <c>file.position</c>, both whole numbers.</summary>
internal readonly record struct BinlogPosition(long File, long Position) : IComparable<BinlogPosition>
{
    /// <exception cref="LakehouseException">Corrupt: not of this form, as Hudi refuses it too.</exception>
    public static BinlogPosition Parse(ReadOnlySpan<byte> text, string column)
    {
        int dot = text.IndexOf((byte)'.');
        if (dot > 0 && Utf8Parser.TryParse(text[..dot], out long file, out int used) && used == dot)
        {
            var rest = text[(dot + 1)..];
            int end = rest.IndexOf((byte)'.');
            rest = end < 0 ? rest : rest[..end];
            if (Utf8Parser.TryParse(rest, out long position, out used) && used == rest.Length)
            {
                return new BinlogPosition(file, position);
            }
        }

        throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The column '{column}' holds a value that is no binlog position", remedy: "Write file.position, such as 000003.154");
    }

    public int CompareTo(BinlogPosition other) => File != other.File ? File.CompareTo(other.File) : Position.CompareTo(other.Position);
}
