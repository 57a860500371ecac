namespace OllaLab.Lakehouse.Core.Tests.Text;

/// <summary>Gives a few bytes at a time, so that lines and values are cut everywhere.</summary>
internal sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, 37)], cancellationToken);
}
