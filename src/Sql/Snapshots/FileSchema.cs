using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Sql;

/// <summary>The schema that files have in common. What DuckDB makes of it is asked of DuckDB, once.</summary>
internal sealed class FileSchema(Schema arrow)
{
    public Schema Arrow => arrow;

    /// <summary>The columns as DuckDB's reader types them; null until it was asked.</summary>
    public IReadOnlyList<DuckField>? Columns { get; set; }

    /// <summary>A text that two footers share when their schemas are the same.</summary>
    public static string Fingerprint(ParquetFooter footer)
    {
        var text = new StringBuilder();
        foreach (var e in footer.Schema)
        {
            text.Append(e.Name).Append('\0').Append((int?)e.Type).Append(',').Append(e.TypeLength).Append(',').Append((int?)e.Repetition).Append(',').Append(e.NumChildren).Append(',')
                .Append((int?)e.ConvertedType).Append(',').Append(e.Scale).Append(',').Append(e.Precision).Append(',').Append(e.LogicalType).Append('\n');
        }

        return text.ToString();
    }
}
