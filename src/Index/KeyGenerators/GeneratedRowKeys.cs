using System.Buffers.Text;
using System.Text;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Keys made by the engine for a table without record key fields: instant_writer_row, the row counted over all batches (AutoRecordGenWrapperAvroKeyGenerator).</summary>
internal sealed class GeneratedRowKeys(AutoKeys source) : RecordKeySource
{
    private readonly byte[] prefix = Encoding.UTF8.GetBytes($"{source.Instant}_{source.Writer}_");
    private long next;

    public override IReadOnlyList<string> Fields => [];

    public override StringArray Generate(RecordBatch data, long firstRow)
    {
        Span<byte> number = stackalloc byte[20];
        var keys = new KeyColumnBuilder(data.Length);
        for (int row = 0; row < data.Length; row++)
        {
            Utf8Formatter.TryFormat(next++, number, out int length);
            keys.Append(prefix);
            keys.Append(number[..length]);
            keys.EndKey();
        }

        return keys.Build();
    }
}
