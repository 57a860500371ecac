namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>A node of a Parquet schema as a tree: the <see cref="SchemaElement"/>, its children and the levels that follow from the way to it.</summary>
internal sealed class SchemaNode
{
    /// <summary>Deeper schemas are refused: every consumer of the tree recurses.</summary>
    private const int MaxDepth = 64;

    private SchemaNode(SchemaElement element, string[] path, int maxDefinition, int maxRepetition)
    {
        Element = element;
        Path = path;
        MaxDefinition = maxDefinition;
        MaxRepetition = maxRepetition;
    }

    public SchemaElement Element { get; }

    public string Name => Element.Name;

    public ParquetRepetition Repetition => Element.Repetition ?? ParquetRepetition.Required;

    public bool IsLeaf => Element.Type is not null;

    public List<SchemaNode> Children { get; } = [];

    /// <summary>The names from the root (exclusive) to here.</summary>
    public string[] Path { get; }

    public string DottedPath => string.Join('.', Path);

    public int MaxDefinition { get; }

    public int MaxRepetition { get; }

    /// <summary>For a leaf its number among the leaves, for a group that of its first one.</summary>
    public int FirstLeaf { get; private set; }

    public int LeafCount { get; private set; }

    /// <summary>All leaves in order; of the root only.</summary>
    public IReadOnlyList<SchemaNode> Leaves { get; private set; } = [];

    public static SchemaNode Build(List<SchemaElement> elements, string? path)
    {
        if (elements.Count == 0 || elements[0].Type is not null)
        {
            throw Corrupt(path, "it has no root");
        }

        int next = 0;
        var leaves = new List<SchemaNode>();
        var root = Build(elements, ref next, null, leaves, 0, path);
        if (next != elements.Count)
        {
            throw Corrupt(path, $"{elements.Count - next} elements belong to no group");
        }

        root.Leaves = leaves;
        return root;
    }

    private static SchemaNode Build(List<SchemaElement> elements, ref int next, SchemaNode? parent, List<SchemaNode> leaves, int depth, string? path)
    {
        if (depth > MaxDepth)
        {
            throw Corrupt(path, $"it is nested more than {MaxDepth} levels deep");
        }

        var element = elements[next++];
        var repetition = parent is null ? ParquetRepetition.Required : element.Repetition ?? throw Corrupt(path, $"'{element.Name}' has no repetition");
        var node = new SchemaNode(
            element,
            parent is null ? [] : [.. parent.Path, element.Name],
            (parent?.MaxDefinition ?? 0) + (repetition == ParquetRepetition.Required ? 0 : 1),
            (parent?.MaxRepetition ?? 0) + (repetition == ParquetRepetition.Repeated ? 1 : 0))
        {
            FirstLeaf = leaves.Count,
        };
        int children = element.NumChildren ?? 0;
        if (element.Type is { } type)
        {
            if (children != 0 || (type == ParquetType.FixedLenByteArray && element.TypeLength is not > 0))
            {
                throw Corrupt(path, $"'{node.DottedPath}' is a column with children or without a length");
            }

            leaves.Add(node);
        }
        else if (children < 0 || children > elements.Count - next)
        {
            throw Corrupt(path, $"'{node.DottedPath}' is said to have {children} children");
        }

        for (int i = 0; i < children; i++)
        {
            // A child's own children may have used up what was left for its siblings.
            if (next == elements.Count)
            {
                throw Corrupt(path, $"'{node.DottedPath}' has fewer than {children} children");
            }

            node.Children.Add(Build(elements, ref next, node, leaves, depth + 1, path));
        }

        node.LeafCount = leaves.Count - node.FirstLeaf;
        return node;
    }

    private static LakehouseException Corrupt(string? path, string problem) => new(LakehouseErrorKind.Corrupt, $"Damaged Parquet schema: {problem}", path: path);
}
