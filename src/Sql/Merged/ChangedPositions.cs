using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Which rows of base files no longer stand: a bit for each row of a file, in the order of DuckDB's BIT, where the first bit is the highest of the first byte.</summary>
internal sealed class ChangedPositions
{
    private readonly Dictionary<string, byte[]> bits = new(StringComparer.Ordinal);

    /// <summary>The file's path on the disk, and the bits.</summary>
    public static Schema Schema { get; } = new([new Field("path", StringType.Default, false), new Field("bits", BinaryType.Default, false)], null);

    /// <summary>The files that have such rows, by their paths on the disk.</summary>
    public IReadOnlyCollection<string> Paths => bits.Keys;

    /// <param name="path">The file.</param>
    /// <param name="rows">How many it has.</param>
    /// <param name="positions">Those of them that no longer stand.</param>
    public void Add(string path, long rows, ReadOnlySpan<long> positions)
    {
        if (!bits.TryGetValue(path, out var ofFile))
        {
            bits[path] = ofFile = new byte[checked((int)((rows + 7) / 8))];
        }

        foreach (var position in positions)
        {
            ofFile[position >> 3] |= (byte)(0x80 >> (int)(position & 7));
        }
    }

    public RecordBatch ToBatch()
    {
        var paths = new StringArray.Builder();
        var values = new BinaryArray.Builder();
        foreach (var (path, ofFile) in bits)
        {
            paths.Append(path);
            values.Append(ofFile.AsSpan());
        }

        return new RecordBatch(Schema, [paths.Build(), values.Build()], bits.Count);
    }
}
