using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>Text. Invalid UTF-8 is refused: Parquet and Java readers would see other text than was given.</summary>
internal sealed class StringColumn(BytesBuilder builder, bool nullable) : ScalarColumn("string", nullable, takesNumbers: false, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw new TextValueException($"the text {TextErrors.Shown(text)} is not valid UTF-8", "Convert the input to UTF-8");
        }

        builder.Append(text);
        return ParseOutcome.Done;
    }
}

/// <summary>Binary as base64, with or without padding.</summary>
internal sealed class BinaryColumn(BytesBuilder builder, bool nullable) : ScalarColumn("binary (base64)", nullable, takesNumbers: false, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        var to = builder.Reserve(Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3);
        if (Base64.DecodeFromUtf8(text, to, out _, out var written) != OperationStatus.Done)
        {
            return ParseOutcome.WrongType;
        }

        builder.Commit(written);
        return ParseOutcome.Done;
    }
}

/// <summary>Fixed-size binary as base64 of exactly that many bytes.</summary>
internal sealed class FixedBinaryColumn(FixedBytesBuilder builder, bool nullable) : ScalarColumn($"binary of {builder.ByteWidth} bytes (base64)", nullable, takesNumbers: false, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3);
        try
        {
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var written) != OperationStatus.Done || written != builder.ByteWidth)
            {
                return ParseOutcome.WrongType;
            }

            builder.Append(bytes.AsSpan(0, written));
            return ParseOutcome.Done;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
