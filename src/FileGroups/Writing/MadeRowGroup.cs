using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A row group ready to be appended.</summary>
/// <param name="Encoded">Newly encoded columns; null: the whole row group is copied.</param>
/// <param name="Rest">Where the other columns are copied from; null: there are none.</param>
internal readonly record struct MadeRowGroup(EncodedRowGroup? Encoded, RowGroupSource? Rest);
