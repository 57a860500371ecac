namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A column's value that makes a row a delete.</summary>
internal readonly record struct DeleteMark(string Field, string Marker, bool IgnoreCase = false);
