using System.Collections.Concurrent;
using Apache.Arrow;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The columns of files to be written, as Arrow and as Parquet. For any number of files, encoders and threads, which share what is learned about dictionaries.</summary>
internal sealed class ParquetOutputSchema
{
    private readonly ConcurrentDictionary<string, bool> _withoutDictionary = new();

    /// <param name="arrow">All columns, meta columns included.</param>
    /// <param name="rootName">The message's name; with Hudi the full name of the Avro record.</param>
    /// <param name="enums">Dotted paths of text columns that are Avro enums, or null.</param>
    public ParquetOutputSchema(Schema arrow, string rootName, IReadOnlySet<string>? enums = null)
    {
        Arrow = arrow;
        Elements = ArrowToParquet.Convert(arrow, rootName, enums);
        Root = SchemaNode.Build(Elements, null);
    }

    public Schema Arrow { get; }

    public List<SchemaElement> Elements { get; }

    public SchemaNode Root { get; }

    /// <summary>Whether building a dictionary for a leaf proved to be in vain.</summary>
    public bool IsWithoutDictionary(SchemaNode leaf) => _withoutDictionary.ContainsKey(leaf.DottedPath);

    /// <summary>
    /// Learns from an encoded chunk, or one of a file that is being rewritten: where at least half of the data pages overflowed the dictionary, later row groups do without
    /// one. That saves the time for it and its bytes.
    /// </summary>
    public void Learn(SchemaNode leaf, ColumnChunkMetadata chunk)
    {
        int plain = 0, dictionary = 0;
        foreach (var pages in chunk.EncodingStats ?? [])
        {
            if (pages.PageType is ParquetPageType.Data or ParquetPageType.DataV2)
            {
                plain += pages.Encoding == ParquetEncoding.Plain ? pages.Count : 0;
                dictionary += pages.Encoding is ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary ? pages.Count : 0;
            }
        }

        if (plain > 0 && plain >= dictionary)
        {
            _withoutDictionary.TryAdd(leaf.DottedPath, true);
        }
    }

    /// <summary>
    /// Whether row groups of a file can be copied byte for byte into files of this schema: the same leaves of the same types and repetitions in the same order. What a
    /// differing footer means is that the caller decodes and encodes instead.
    /// </summary>
    public bool CanCopyFrom(ParquetFooter source) =>
        Same(Root, source.Root, isRoot: true) && source.RowGroups.TrueForAll(group => group.Columns.TrueForAll(column => !column.IsEncrypted));

    /// <summary>Whether one top-level column of a file can be copied into files of this schema.</summary>
    public bool CanCopyColumn(ParquetFooter source, string column) =>
        Root.Children.Find(node => node.Name == column) is { } wanted
        && source.Root.Children.Find(node => node.Name == column) is { } found
        && Same(wanted, found, isRoot: false);

    private static bool Same(SchemaNode a, SchemaNode b, bool isRoot)
    {
        if (!isRoot && (a.Name != b.Name || a.Repetition != b.Repetition || a.Element.Type != b.Element.Type || a.Element.TypeLength != b.Element.TypeLength))
        {
            return false;
        }

        var kind = isRoot ? ParquetGroupKind.Struct : ParquetToArrow.KindOf(a);
        if ((!isRoot && kind != ParquetToArrow.KindOf(b) && a.Name != "key_value") || a.Children.Count != b.Children.Count || (a.IsLeaf && !SameMeaning(a, b)))
        {
            return false;
        }

        for (int i = 0; i < a.Children.Count; i++)
        {
            if (!Same(a.Children[i], b.Children[i], isRoot: false))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameMeaning(SchemaNode a, SchemaNode b)
    {
        try
        {
            // Local timestamps and enums are told apart: their values mean something else, or are announced as something else to other readers.
            return Schemas.ArrowTypes.Same(ParquetToArrow.Field(a, null).DataType, ParquetToArrow.Field(b, null).DataType) && IsEnum(a) == IsEnum(b);
        }
        catch (LakehouseException)
        {
            return false;
        }
    }

    private static bool IsEnum(SchemaNode node) => node.Element.LogicalType?.Kind == LogicalKind.Enum || node.Element.ConvertedType == ConvertedType.Enum;
}
