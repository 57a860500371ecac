namespace OllaLab.Lakehouse.Writing;

/// <summary>A row of one of several batches.</summary>
internal readonly record struct RowPlace(int Batch, int Row);
