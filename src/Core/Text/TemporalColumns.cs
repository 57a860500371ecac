using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

internal sealed class DateColumn(ColumnBuilder builder, bool nullable) : ScalarColumn("date (2024-01-31)", nullable, takesNumbers: false, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        if (!TemporalText.TryParseDate(text, out var days))
        {
            return ParseOutcome.WrongType;
        }

        if (builder is FixedWidthBuilder<int> date32)
        {
            date32.Append((int)days); // seven digits of year stay far below the range of int
        }
        else
        {
            ((FixedWidthBuilder<long>)builder).Append(days * 86_400_000);
        }

        return ParseOutcome.Done;
    }
}

internal sealed class TimeColumn(ColumnBuilder builder, TimeUnit unit, bool nullable) : ScalarColumn("time (03:04:05.000006)", nullable, takesNumbers: false, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        if (!TemporalText.TryParseTime(text, out var nanos))
        {
            return ParseOutcome.WrongType;
        }

        var value = nanos / (1_000_000_000 / TemporalText.PerSecond(unit));
        if (builder is FixedWidthBuilder<int> time32)
        {
            time32.Append((int)value);
        }
        else
        {
            ((FixedWidthBuilder<long>)builder).Append(value);
        }

        return ParseOutcome.Done;
    }
}

/// <summary>Instants, and local timestamps (without a zone), which refuse text with an offset because dropping it would change the value.</summary>
internal sealed class TimestampColumn(FixedWidthBuilder<long> builder, TimeUnit unit, bool local, bool nullable)
    : ScalarColumn(local ? "local timestamp (2024-01-31T03:04:05.000006)" : "timestamp (2024-01-31T03:04:05.000006Z)", nullable, takesNumbers: false, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        if (!TemporalText.TryParseTimestamp(text, out var seconds, out var nanos, out var zoned) || (local && zoned))
        {
            return ParseOutcome.WrongType;
        }

        var perSecond = TemporalText.PerSecond(unit);
        var value = ((Int128)seconds * perSecond) + (nanos / (1_000_000_000 / perSecond));
        if (value < long.MinValue || value > long.MaxValue)
        {
            return ParseOutcome.OutOfRange;
        }

        builder.Append((long)value);
        return ParseOutcome.Done;
    }
}
