using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;
using ParquetSharp.Arrow;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Encodes one row group in memory, column after column, so that the rows of one column at a time need be there. ParquetSharp encodes each as a file of its own, whose chunks
/// <see cref="ParquetFileWriter"/> then lifts into ours. One thread at a time uses an encoder; any number of encoders work side by side.
/// </summary>
internal sealed class RowGroupEncoder : IDisposable
{
    private const int TrailerLength = 8;
    private readonly ParquetOutputSchema _schema;
    private readonly ParquetWriteOptions _options;
    private readonly long _rows;
    private EncodedRowGroup.Chunk?[] _chunks;

    /// <param name="rows">Rows of the row group.</param>
    public RowGroupEncoder(ParquetOutputSchema schema, ParquetWriteOptions options, long rows)
    {
        _schema = schema;
        _options = options;
        _rows = rows;
        _chunks = new EncodedRowGroup.Chunk?[schema.Root.Leaves.Count];
    }

    /// <summary>Encodes a row group whose rows are all there. Columns are found by name; text columns may be dictionary arrays.</summary>
    /// <param name="constants">Columns that hold one text (or null) in all rows; batches need not have them.</param>
    /// <param name="copied">Columns that will be copied from another file; batches need not have them.</param>
    public static EncodedRowGroup Encode(
        ParquetOutputSchema schema,
        ParquetWriteOptions options,
        IReadOnlyList<RecordBatch> batches,
        IReadOnlyDictionary<string, string?>? constants = null,
        IReadOnlyCollection<string>? copied = null)
    {
        using var encoder = new RowGroupEncoder(schema, options, batches.Sum(batch => (long)batch.Length));
        encoder.AddConstants(constants ?? new Dictionary<string, string?>());
        foreach (var field in schema.Arrow.FieldsList)
        {
            if (constants?.ContainsKey(field.Name) != true && copied?.Contains(field.Name) != true)
            {
                encoder.Add(field.Name, [.. batches.Select(batch => ColumnOf(batch, field.Name))]);
            }
        }

        return encoder.Finish();
    }

    /// <summary>Columns that hold one text, or null, in all rows.</summary>
    public void AddConstants(IReadOnlyDictionary<string, string?> texts)
    {
        foreach (var node in _schema.Root.Children)
        {
            if (texts.TryGetValue(node.Name, out string? value))
            {
                var (metadata, bytes) = ConstantChunk.Build(node, value, _rows);
                _chunks[node.FirstLeaf] = new EncodedRowGroup.Chunk(metadata, null, bytes);
            }
        }
    }

    /// <summary>Encodes a column: all its rows, in any number of arrays, which are the caller's to dispose.</summary>
    public void Add(string column, IReadOnlyList<IArrowArray> values)
    {
        int top = _schema.Arrow.GetFieldIndex(column);
        var filled = values.Where(array => array.Length > 0).ToList();
        if (filled.Count == 0)
        {
            throw new InvalidOperationException("A row group without rows is not written.");
        }

        var field = FieldOf(_schema.Arrow.FieldsList[top], filled);
        var blocks = new PooledBlocks();
        try
        {
            Guard(() =>
            {
                using var properties = WriterSettings.Create(_options, _schema, top);
                using var arrow = new ArrowWriterPropertiesBuilder().UseThreads(false).Build();
                using var writer = new FileWriter(blocks, new Schema([field], null), properties, arrow, leaveOpen: true);
                writer.NewRowGroup();
                writer.WriteColumnChunk(new ChunkedArray(filled));
                writer.Close();
            });
            Lift(blocks, _schema.Root.Children[top], filled);
        }
        catch
        {
            blocks.Dispose();
            throw;
        }
    }

    /// <summary>Ends the row group; columns that were not added are to be copied.</summary>
    public EncodedRowGroup Finish()
    {
        var group = new EncodedRowGroup(_rows, _chunks);
        _chunks = [];
        return group;
    }

    /// <summary>Lets go of what was encoded and not finished.</summary>
    public void Dispose() => Finish().Dispose();

    private static IArrowArray ColumnOf(RecordBatch batch, string name) => batch.Schema.GetFieldIndex(name) is var at and >= 0
        ? batch.Column(at)
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The batch lacks the column '{name}'");

    private static Field FieldOf(Field field, List<IArrowArray> arrays)
    {
        foreach (var array in arrays)
        {
            var value = array.Data.DataType is DictionaryType dictionary ? dictionary.ValueType : array.Data.DataType;
            if (!ArrowTypes.Same(value, field.DataType))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"Column '{field.Name}' is {ArrowTypes.Text(value)} in the batch and {ArrowTypes.Text(field.DataType)} in the file");
            }
        }

        return arrays[0].Data.DataType is DictionaryType type ? new Field(field.Name, type, field.IsNullable) : field;
    }

    private void Lift(PooledBlocks blocks, SchemaNode node, List<IArrowArray> values)
    {
        int footerLength = BinaryPrimitives.ReadInt32LittleEndian(blocks.Tail(TrailerLength));
        var footer = ParquetFooter.Parse(blocks.Tail(footerLength + TrailerLength).AsMemory(0, footerLength), blocks.Length);
        if (footer.RowGroups.Count != 1 || footer.NumRows != _rows)
        {
            throw new InvalidOperationException($"The encoder made {footer.RowGroups.Count} row groups of {footer.NumRows} rows out of {_rows} rows.");
        }

        for (int i = 0; i < node.LeafCount; i++)
        {
            var leaf = _schema.Root.Leaves[node.FirstLeaf + i];
            CheckShape(leaf, footer.Root.Leaves[i]);
            var chunk = footer.RowGroups[0].Columns[i];
            chunk.PathInSchema = leaf.Path;
            if (leaf.Element.Type is ParquetType.Float or ParquetType.Double && values.Exists(array => NaNs.OfLeaves(array.Data).ElementAt(i)))
            {
                // Arrow's bounds leave NaN out; to Spark and DuckDB it is the greatest value.
                chunk = StatisticsTrust.WithoutBounds(chunk);
            }

            _chunks[node.FirstLeaf + i] = new EncodedRowGroup.Chunk(chunk, blocks);
            _schema.Learn(leaf, chunk);
        }
    }

    /// <summary>The bytes are Arrow C++'s and the schema that describes them ours: they must agree.</summary>
    private static void CheckShape(SchemaNode ours, SchemaNode theirs)
    {
        if (ours.Element.Type != theirs.Element.Type || ours.Element.TypeLength != theirs.Element.TypeLength
            || ours.MaxDefinition != theirs.MaxDefinition || ours.MaxRepetition != theirs.MaxRepetition)
        {
            throw new InvalidOperationException($"Column '{ours.DottedPath}' was encoded in another shape ({theirs.DottedPath}) than declared.");
        }
    }

    private static void Guard(Action native)
    {
        try
        {
            native();
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or LakehouseException))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The rows cannot be written as Parquet: {failure.Message}", inner: failure);
        }
    }
}
