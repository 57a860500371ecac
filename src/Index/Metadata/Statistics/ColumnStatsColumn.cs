using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A column of which the metadata table keeps statistics.</summary>
/// <param name="Name">Dotted where nested.</param>
/// <param name="Type">Its type in the table's schema.</param>
internal sealed record ColumnStatsColumn(string Name, AvroType Type);
