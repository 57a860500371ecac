using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Bench.Data;

/// <summary>
/// The benchmark's rows: taxi trips of 10 columns, keyed by a ULID (26 characters: the time, then random bits), so that keys grow with time as most keys do. Row i is the same in
/// every run.
/// </summary>
internal static class Trips
{
    public const int BatchRows = 16_384;
    private const long FirstTime = 1_767_225_600_000;

    public static readonly Schema Schema = new(
        [
            new Field("id", StringType.Default, false),
            new Field("ts", Int64Type.Default, false),
            new Field("city", StringType.Default, true),
            new Field("driver", StringType.Default, true),
            new Field("lat", DoubleType.Default, true),
            new Field("lon", DoubleType.Default, true),
            new Field("fare", DoubleType.Default, true),
            new Field("passengers", Int32Type.Default, true),
            new Field("paid", BooleanType.Default, true),
            new Field("started", new TimestampType(TimeUnit.Microsecond, "UTC"), true),
        ],
        null);

    private static readonly string[] Cities = ["amsterdam", "berlin", "chennai", "dakar", "edinburgh", "fukuoka", "graz", "hanoi", "istanbul", "jakarta", "kyiv", "lima", "mumbai", "nairobi", "oslo", "porto"];

    /// <summary>Rows by number, as batches.</summary>
    /// <param name="count">How many.</param>
    /// <param name="number">The number of the n-th of them.</param>
    /// <param name="version">0: as first loaded; later ones have a later ts and another fare.</param>
    /// <param name="absent">Other random bits in the keys: keys from the same time that are not stored.</param>
    public static IEnumerable<RecordBatch> Make(int count, Func<int, long> number, int version = 0, bool absent = false)
    {
        for (var at = 0; at < count; at += BatchRows)
        {
            yield return Batch(Math.Min(BatchRows, count - at), at, number, version, absent);
        }
    }

    /// <summary>A permutation of the first rows: the n-th of them in an order without order.</summary>
    public static Func<int, long> Shuffled(int rows, int skip = 0) => i => (((long)(i + skip) * 982_451_653) + 12_345) % rows;

    private static RecordBatch Batch(int length, int at, Func<int, long> number, int version, bool absent)
    {
        var id = new StringArray.Builder().Reserve(length);
        var ts = new Int64Array.Builder().Reserve(length);
        var city = new StringArray.Builder().Reserve(length);
        var driver = new StringArray.Builder().Reserve(length);
        var lat = new DoubleArray.Builder().Reserve(length);
        var lon = new DoubleArray.Builder().Reserve(length);
        var fare = new DoubleArray.Builder().Reserve(length);
        var passengers = new Int32Array.Builder().Reserve(length);
        var paid = new BooleanArray.Builder().Reserve(length);
        var started = new Int64Array.Builder().Reserve(length);
        Span<byte> key = stackalloc byte[26];
        for (var i = 0; i < length; i++)
        {
            var n = number(at + i);
            var time = FirstTime + (n * 37);
            var random = Mix((ulong)n);
            Ulid(key, time, absent ? ~random : random, Mix(random));
            id.Append(key);
            ts.Append(time + (version * 3_600_000L));
            var place = (int)(random % 16);
            city.Append(Cities[place]);
            driver.Append($"driver-{random / 16 % 20_000}");
            lat.Append(((random >> 20) % 180_000_000) / 1e6 - 90);
            lon.Append(((random >> 24) % 360_000_000) / 1e6 - 180);
            if (random % 50 == 0)
            {
                fare.AppendNull();
            }
            else
            {
                fare.Append((((random >> 8) % 10_000) + (ulong)version) / 100.0);
            }

            passengers.Append((int)(random >> 33) & 3);
            paid.Append((random & 0x100) == 0);
            started.Append(time * 1000);
        }

        var startedData = started.Build().Data;
        IArrowArray timestamps = new TimestampArray(new ArrayData(Schema.GetFieldByName("started").DataType, length, 0, 0, startedData.Buffers));
        return new RecordBatch(
            Schema, [id.Build(), ts.Build(), city.Build(), driver.Build(), lat.Build(), lon.Build(), fare.Build(), passengers.Build(), paid.Build(), timestamps], length);
    }

    private static void Ulid(Span<byte> text, long time, ulong high, ulong low)
    {
        var digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"u8;
        for (var i = 9; i >= 0; i--, time >>= 5)
        {
            text[i] = digits[(int)(time & 31)];
        }

        for (var i = 17; i >= 10; i--, high >>= 5)
        {
            text[i] = digits[(int)(high & 31)];
        }

        for (var i = 25; i >= 18; i--, low >>= 5)
        {
            text[i] = digits[(int)(low & 31)];
        }
    }

    // SplitMix64.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
