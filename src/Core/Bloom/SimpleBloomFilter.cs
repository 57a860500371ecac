namespace OllaLab.Lakehouse.Bloom;

/// <summary>One bit vector of a fixed size (org.apache.hudi.common.bloom.SimpleBloomFilter).</summary>
internal sealed class SimpleBloomFilter(BloomRow row) : BloomFilter
{
    public override string TypeCode => Simple;

    public override long Capacity => (long)(row.VectorSize * Math.Log(2) / row.Hashes);

    protected override int SerializedLength => row.SerializedLength;

    public override void Add(ReadOnlySpan<byte> key)
    {
        RefuseEmpty(key);
        row.Add(key);
    }

    public override void AddAll(ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets) => BloomBulk.Add(row, data, offsets);

    public override bool MightContain(ReadOnlySpan<byte> key) => !key.IsEmpty && row.MightContain(key);

    public override double FalsePositiveRate => row.FalsePositiveRate;

    public override void Or(BloomFilter other)
    {
        if (other is not SimpleBloomFilter simple || !simple.Row.HasSameShape(row))
        {
            throw OtherShape();
        }

        row.Or(simple.Row);
    }

    private BloomRow Row => row;

    protected override void Write(Span<byte> destination) => row.Write(destination);
}
