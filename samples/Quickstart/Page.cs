using System.Data.Common;
using System.Globalization;

namespace Quickstart;

/// <summary>Aligned text on the console.</summary>
internal static class Page
{
    public static void Step(string title, string code)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine($"  > {code}");
    }

    /// <summary>Rows under a header, each column as wide as its widest value; numbers stand right.</summary>
    public static void Table(string[] header, IEnumerable<object?[]> rows)
    {
        var cells = rows.Select(r => r.Select(Cell).ToArray()).ToList();
        var widths = header.Select((h, i) => cells.Select(c => c[i].Text.Length).Append(h.Length).Max()).ToArray();
        Line(header.Select((h, i) => (h, cells.Count > 0 && cells.All(c => c[i].Right || c[i].Text.Length == 0))), widths);
        cells.ForEach(c => Line(c, widths));
    }

    public static async Task TableAsync(string[] header, IAsyncEnumerable<object?[]> rows) => Table(header, await rows.ToListAsync());

    public static async Task TableAsync(DbDataReader reader)
    {
        await using (reader)
        {
            var rows = new List<object?[]>();
            while (await reader.ReadAsync())
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)]);
            }

            Table([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], rows);
        }
    }

    private static void Line(IEnumerable<(string Text, bool Right)> cells, int[] widths) =>
        Console.WriteLine("  " + string.Join("  ", cells.Select((c, i) => c.Right ? c.Text.PadLeft(widths[i]) : c.Text.PadRight(widths[i]))).TrimEnd());

    private static (string Text, bool Right) Cell(object? value) => value switch
    {
        null or DBNull => ("", true),
        DateTime time => (time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), false),
        double number => (number.ToString("0.0", CultureInfo.InvariantCulture), true),
        int or long or decimal or System.Numerics.BigInteger => (Convert.ToString(value, CultureInfo.InvariantCulture)!, true),
        _ => (value.ToString()!, false),
    };
}
