using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Core.Tests.HFiles;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>The blocks that log files of metadata tables are made of.</summary>
public sealed class MetadataLogTests
{
    /// <summary>The 80 bytes that every file group of a metadata table begins with (initializeFileGroups).</summary>
    [Fact]
    public async Task TheFirstBlockOfAFileGroupHasEightyBytes()
    {
        var headers = new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = new('0', 17) };
        var file = await LogFiles.WriteAsync(w => w.AppendDeletesAsync(new StringArray.Builder().Build(), "files", null, headers, CancellationToken.None).AsTask());
        Assert.Equal(
            Convert.FromHexString("2348554449230000000000000042000000010000000100000001" + "0000000000000011" + "3030303030303030303030303030303030" + "0000000000000009" + "000000030000000100" + "00000000" + "0000000000000048"),
            file);
    }

    [Fact]
    public async Task DeletesHaveTheOrderingValueOfTheMetadataTable()
    {
        var file = await LogFiles.WriteAsync(w => w.AppendDeletesAsync(new StringArray.Builder().Append("k").Build(), "record_index", null, LogFiles.Headers, CancellationToken.None).AsTask());
        var block = (await LogFiles.ReadAsync(file)).Blocks[0];
        Assert.Equal(Convert.FromHexString("00000003" + "00000015" + "02" + "02026b" + "0218" + Convert.ToHexString("record_index"u8) + "0400" + "00"), LogFiles.Content(file, block));
    }

    [Fact]
    public async Task AnHFileIsOneBlock()
    {
        var content = HFileSamples.Write([("a", "1"), ("b", "2")], HFileCodec.Gzip);
        var headers = new Dictionary<LogHeader, string>(LogFiles.Headers) { [LogHeader.Schema] = Encoding.UTF8.GetString(HFileSamples.Schema) };
        var file = await LogFiles.WriteAsync(w => w.AppendHFileAsync(content, headers, CancellationToken.None).AsTask());
        var block = Assert.Single((await LogFiles.ReadAsync(file)).Blocks);
        Assert.Equal(LogBlockType.HFileData, block.Type);
        Assert.Equal(headers, block.Headers);
        Assert.Equal(content, LogFiles.Content(file, block));
    }
}
