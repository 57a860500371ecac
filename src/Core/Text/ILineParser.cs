using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>Takes lines (or CSV records) one by one and gives batches.</summary>
internal interface ILineParser
{
    /// <summary>Rows since the last <see cref="Take"/>.</summary>
    int Rows { get; }

    /// <param name="line">Without its line end.</param>
    /// <param name="number">1 for the first line.</param>
    void Add(ReadOnlySpan<byte> line, long number);

    RecordBatch Take();
}
