using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Config;

public class JavaPropertiesTests
{
    private static IEnumerable<JsonElement> Vectors(string op) => Repository.Vectors("properties.jsonl").Where(v => v.GetProperty("op").GetString() == op);

    [Fact]
    public void Loads_what_Java_loads()
    {
        int count = 0;
        foreach (var vector in Vectors("load"))
        {
            var bytes = vector.GetProperty("bytes").GetBytesFromBase64();
            var expected = vector.GetProperty("properties");
            if (expected.ValueKind == JsonValueKind.Null)
            {
                Assert.Throws<FormatException>(() => JavaProperties.Parse(bytes));
            }
            else
            {
                var read = JavaProperties.Parse(bytes);
                Assert.Equal(
                    expected.EnumerateObject().Select(p => (p.Name, p.Value.GetString()!)).OrderBy(p => p.Name, StringComparer.Ordinal),
                    read.Select(p => (p.Key, p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal));
            }

            count++;
        }

        Assert.Equal(700, count);
    }

    [Fact]
    public void Stores_what_Java_stores()
    {
        foreach (var vector in Vectors("store"))
        {
            var written = JavaProperties.Write([new(vector.GetProperty("key").GetString()!, vector.GetProperty("value").GetString()!)], "c", DateTimeOffset.UnixEpoch);
            Assert.Equal("#c\n#Thu Jan 01 00:00:00 UTC 1970\n" + vector.GetProperty("line").GetString(), Encoding.Latin1.GetString(written));
        }

        foreach (var vector in Vectors("date"))
        {
            var written = JavaProperties.Write([], "c", DateTimeOffset.FromUnixTimeMilliseconds(vector.GetProperty("millis").GetInt64()));
            Assert.Equal($"#c\n#{vector.GetProperty("text").GetString()}\n", Encoding.Latin1.GetString(written));
        }
    }

    [Fact]
    public void Any_text_survives_a_round_trip()
    {
        Prop.ForAll<Dictionary<NonNull<string>, NonNull<string>>>(entries =>
        {
            var properties = entries.ToDictionary(p => p.Key.Get, p => p.Value.Get);
            var read = JavaProperties.Parse(JavaProperties.Write(properties, "any", DateTimeOffset.UnixEpoch));
            Assert.Equal(properties.ToArray(), read.ToArray());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_bytes_load_or_are_refused()
    {
        Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                var read = JavaProperties.Parse(bytes);
                Assert.Equal(read.ToArray(), JavaProperties.Parse(JavaProperties.Write(read, "again", DateTimeOffset.UnixEpoch)).ToArray());
            }
            catch (FormatException)
            {
            }
        }).QuickCheckThrowOnFailure();
    }
}
