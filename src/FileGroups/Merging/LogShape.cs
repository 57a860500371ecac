namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What the records of one block have in common.</summary>
/// <param name="IsDeletes">Whether they are records of a delete block.</param>
/// <param name="Fill">How they are filled, or fill others, when they meet earlier ones.</param>
/// <param name="Present">Which of the merged columns the block has; null: all.</param>
internal sealed record LogShape(bool IsDeletes, FillKind Fill, bool[]? Present = null);
