using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>A partition by a time, printed by a pattern (TimestampBasedAvroKeyGenerator). A null is 1 of the time unit after 1970 began.</summary>
internal sealed class TimestampPartition : IPartitionSource
{
    private readonly TimebasedSettings time;
    private readonly PartitionSegment segment;
    private readonly bool timestampsAsText;

    public TimestampPartition(KeyGeneratorSettings settings, string field)
    {
        Field = field;
        time = new TimebasedSettings(settings);
        segment = new PartitionSegment(settings, field, mayNest: true);
        timestampsAsText = settings.TimestampsAsText;
    }

    public string Field { get; }

    public string[] Encode(RecordBatch data, long firstRow, Span<int> codes)
    {
        var column = ColumnPath.Resolve(data, Field);
        var known = new SegmentCodes();
        if (column.Leaf is StringArray strings)
        {
            EncodeText(column, strings, firstRow, known, codes);
        }
        else
        {
            EncodeNumbers(column, Millis(column.Leaf), firstRow, known, codes);
        }

        return known.Segments;
    }

    private void EncodeText(ColumnPath column, StringArray strings, long firstRow, SegmentCodes known, Span<int> codes)
    {
        for (int row = 0; row < codes.Length; row++)
        {
            if (column.IsNull(row))
            {
                codes[row] = known.Segment(Null(firstRow + row));
                continue;
            }

            var value = strings.GetBytes(row);
            if (!known.TryGet(value, out int code))
            {
                code = known.Add(value, FromText(Encoding.UTF8.GetString(value), firstRow + row));
            }

            codes[row] = code;
        }
    }

    // Times within one span of the pattern's finest unit print alike, so each span is printed once.
    private void EncodeNumbers(ColumnPath column, Func<int, long> millis, long firstRow, SegmentCodes known, Span<int> codes)
    {
        var spans = new Dictionary<long, int>();
        long lastSpan = 0;
        int lastCode = -1;
        for (int row = 0; row < codes.Length; row++)
        {
            if (column.IsNull(row))
            {
                codes[row] = known.Segment(Null(firstRow + row));
                continue;
            }

            long value = millis(row);
            long span = CivilTime.FloorDiv(value, time.SpanMillis);
            if (lastCode < 0 || span != lastSpan)
            {
                if (!spans.TryGetValue(span, out lastCode))
                {
                    lastCode = known.Segment(Print(value, time.OutputZone ?? JavaTimeZone.Utc, firstRow + row));
                    spans.Add(span, lastCode);
                }

                lastSpan = span;
            }

            codes[row] = lastCode;
        }
    }

    private Func<int, long> Millis(IArrowArray array)
    {
        if (array is TimestampArray { Data.DataType: TimestampType type } timestamps && timestampsAsText)
        {
            return row => ValueText.Milliseconds(timestamps.Values[row], type.Unit);
        }

        return array switch
        {
            Int64Array a => row => time.ToMillis(a.Values[row]),
            Int32Array a => row => time.ToMillis(a.Values[row]),
            Int16Array a => row => time.ToMillis(a.Values[row]),
            Int8Array a => row => time.ToMillis(a.Values[row]),
            DoubleArray a => row => time.ToMillis(Saturate(a.Values[row])),
            FloatArray a => row => time.ToMillis(Saturate(a.Values[row])),
            Date32Array a => row => time.ToMillis(a.Values[row]),
            TimestampArray a => row => time.ToMillis(a.Values[row]),
            Decimal128Array a => row => time.ToMillis(Whole(a.GetString(row)!)),
            Decimal256Array a => row => time.ToMillis(Whole(a.GetString(row)!)),
            _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Partition column '{Field}' of type {array.Data.DataType.Name} cannot be read as a time",
                remedy: "Use a number, a date, a timestamp or a string"),
        };
    }

    private string FromText(string text, long row)
    {
        if (time.Parser is null)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Partition column '{Field}' is text, but the table's timestamp type is {time.Type}",
                remedy: "Only DATE_STRING and MIXED, with an input date format, take text");
        }

        string? problem = time.Parser.Parse(text, out long millis, out var zone);
        return problem is null ? Print(millis, time.OutputZone ?? zone, row)
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The value '{text}' of partition column '{Field}' in row {row + 1} is no time: {problem}", remedy: "Correct the value");
    }

    private string Null(long row) => time.Parser is null ? Print(time.ToMillis(1), time.OutputZone ?? JavaTimeZone.Utc, row) : FromText(time.NullText, row);

    private string Print(long millis, JavaTimeZone zone, long row) => segment.Of(JodaFormatter.Format(time.Output, millis, zone), row);

    // Java's double to long: NaN is 0, what is beyond the ends is the end; .NET's is the same since .NET 9.
    private static long Saturate(double value) => double.IsNaN(value) ? 0 : value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;

    private static long Whole(string number) =>
        (long)(ulong)(System.Numerics.BigInteger.Parse(number.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture) & ulong.MaxValue);
}
