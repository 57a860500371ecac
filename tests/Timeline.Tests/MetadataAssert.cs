using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>Equality of commit metadata by content: records compare their dictionaries by reference.</summary>
internal static class MetadataAssert
{
    public static void Equal(CommitMetadata expected, CommitMetadata actual) => Assert.Equal(Describe(expected), Describe(actual));

    private static string Describe(CommitMetadata m) => System.Text.Json.JsonSerializer.Serialize(m);
}
