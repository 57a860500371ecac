using System.Globalization;
using System.Text.Json;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Config;

public class TableChecksumTests
{
    [Fact]
    public void Is_Hudis()
    {
        int count = 0;
        foreach (var vector in Repository.Vectors("checksums.jsonl").Where(v => v.GetProperty("checksum").ValueKind == JsonValueKind.Number))
        {
            var (database, table) = (vector.GetProperty("database").GetString(), vector.GetProperty("table").GetString()!);
            uint checksum = vector.GetProperty("checksum").GetUInt32();
            Assert.Equal(checksum, TableChecksum.Of(database, table));
            var properties = new Dictionary<string, string> { [ConfigKeys.Name] = table, [ConfigKeys.Checksum] = checksum.ToString(CultureInfo.InvariantCulture) };
            if (database is not null)
            {
                properties[ConfigKeys.Database] = database;
            }

            Assert.True(TableChecksum.Holds(properties));
            properties[ConfigKeys.Checksum] = (checksum ^ 1).ToString(CultureInfo.InvariantCulture);
            Assert.False(TableChecksum.Holds(properties));
            count++;
        }

        Assert.Equal(104, count);
    }

    [Fact]
    public void None_is_neither_right_nor_wrong() => Assert.Null(TableChecksum.Holds(new Dictionary<string, string> { [ConfigKeys.Name] = "t" }));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999999999999999")]
    public void Nonsense_is_wrong(string checksum) =>
        Assert.False(TableChecksum.Holds(new Dictionary<string, string> { [ConfigKeys.Name] = "t", [ConfigKeys.Checksum] = checksum }));
}
