using System.Text.Json;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests;

public class EscapingTests
{
    [Fact]
    public void Escaping_is_Hudis()
    {
        int count = 0;
        foreach (var v in Repository.Vectors("partition-escaping.jsonl"))
        {
            switch (v.GetProperty("op").GetString())
            {
                case "constants":
                    Assert.Equal(PartitionPathText.Default, v.GetProperty("default").GetString());
                    break;
                case "escape":
                    count++;
                    if (v.GetProperty("value").GetString() is not { } value)
                    {
                        Assert.Equal(v.GetProperty("escaped").GetString(), PartitionPathText.Escape(""));
                        break;
                    }

                    string escaped = PartitionPathText.Escape(value);
                    Assert.Equal(v.GetProperty("escaped").GetString(), escaped);
                    Assert.Equal(v.GetProperty("unescapedBack").GetString(), PartitionPathText.Unescape(escaped));
                    Assert.Equal(v.GetProperty("unescapeOfValue").GetString() , PartitionPathText.Unescape(value));
                    break;
                case "escapePartitionValue":
                    Assert.Equal(v.GetProperty("escaped").GetString(), PartitionPathText.Escape(v.GetProperty("value") is { ValueKind: JsonValueKind.String } s ? s.GetString()! : ""));
                    count++;
                    break;
            }
        }

        Assert.Equal(461, count);
    }
}
