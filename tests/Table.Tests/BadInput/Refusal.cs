using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;

namespace OllaLab.Lakehouse.Tests.BadInput;

/// <summary>Expects one clear error, and a table of which not one byte has changed.</summary>
internal static class Refusal
{
    public static async Task<LakehouseException> OfAsync(IObjectStore store, Func<Task> action, LakehouseErrorKind kind, params string[] words)
    {
        var before = await TestTable.ListAsync(store);
        var error = await Assert.ThrowsAsync<LakehouseException>(action);
        Assert.True(kind == error.Kind, $"{error.Kind}: {error}");
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, await TestTable.ListAsync(store));
        return error;
    }

    /// <summary>The same for a write in each operation given.</summary>
    public static async Task OfWritesAsync(IObjectStore store, IReadOnlyList<RecordBatch> rows, WriteOperation[] operations, LakehouseErrorKind kind, params string[] words)
    {
        foreach (var operation in operations)
        {
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await OfAsync(store, () => table.WriteAsync(operation, rows.ToAsyncEnumerable()), kind, words);
        }
    }
}
