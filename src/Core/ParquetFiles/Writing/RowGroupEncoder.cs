using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;
using ParquetSharp;
using ParquetSharp.Arrow;
using ParquetSharp.IO;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Encodes one row group in memory with ParquetSharp, as a file of one row group whose chunks <see cref="ParquetFileWriter"/> then lifts into ours. One thread at a time uses
/// an encoder; any number of encoders work side by side. Batches are encoded as they come and can be disposed once added.
/// </summary>
internal sealed class RowGroupEncoder : IDisposable
{
    private readonly ParquetOutputSchema _schema;
    private readonly ParquetWriteOptions _options;
    private readonly IReadOnlyDictionary<string, string?> _constants;
    private readonly IReadOnlyCollection<string> _copied;
    private readonly List<int> _encoded = [];
    private BufferOutputStream? _buffer;
    private FileWriter? _writer;
    private Schema? _batchSchema;
    private long _rows;

    /// <param name="constants">Columns that hold one text (or null) in all rows; batches need not have them.</param>
    /// <param name="copied">Columns that will be copied from another file; batches need not have them.</param>
    public RowGroupEncoder(
        ParquetOutputSchema schema, ParquetWriteOptions options, IReadOnlyDictionary<string, string?>? constants = null, IReadOnlyCollection<string>? copied = null)
    {
        _schema = schema;
        _options = options;
        _constants = constants ?? new Dictionary<string, string?>();
        _copied = copied ?? [];
        for (int i = 0; i < schema.Arrow.FieldsList.Count; i++)
        {
            string name = schema.Arrow.FieldsList[i].Name;
            if (!_constants.ContainsKey(name) && !_copied.Contains(name))
            {
                _encoded.Add(i);
            }
        }
    }

    /// <summary>Rows added.</summary>
    public long Rows => _rows;

    /// <summary>
    /// Encodes a row group whose rows are all there already: column after column, which takes about a fifth less time than <see cref="Add"/> and holds one column's pages at
    /// a time beside the result.
    /// </summary>
    public static EncodedRowGroup Encode(
        ParquetOutputSchema schema,
        ParquetWriteOptions options,
        IReadOnlyList<RecordBatch> batches,
        IReadOnlyDictionary<string, string?>? constants = null,
        IReadOnlyCollection<string>? copied = null)
    {
        using var encoder = new RowGroupEncoder(schema, options, constants, copied);
        encoder.AddWhole(batches);
        return encoder.Finish();
    }

    /// <summary>Adds rows. Columns are found by name; text columns may be dictionary arrays.</summary>
    public void Add(RecordBatch batch)
    {
        _rows += batch.Length;
        if (_encoded.Count == 0 || batch.Length == 0)
        {
            return;
        }

        var found = Find(batch);
        var schema = _batchSchema ??= found.Schema;
        Guard(() => Writer(schema, buffered: true).WriteBufferedRecordBatch(new RecordBatch(schema, found.Arrays, batch.Length)));
    }

    private void AddWhole(IReadOnlyList<RecordBatch> batches)
    {
        _rows = batches.Sum(batch => (long)batch.Length);
        if (_encoded.Count == 0 || _rows == 0)
        {
            return;
        }

        var found = batches.Where(batch => batch.Length > 0).Select(Find).ToList();
        Guard(() =>
        {
            var writer = Writer(found[0].Schema, buffered: false);
            for (int i = 0; i < _encoded.Count; i++)
            {
                writer.WriteColumnChunk(new ChunkedArray([.. found.Select(batch => batch.Arrays[i])]));
            }
        });
    }

    private (Schema Schema, IArrowArray[] Arrays) Find(RecordBatch batch)
    {
        var arrays = new IArrowArray[_encoded.Count];
        var fields = new Field[arrays.Length];
        for (int i = 0; i < arrays.Length; i++)
        {
            var field = _schema.Arrow.FieldsList[_encoded[i]];
            int at = batch.Schema.GetFieldIndex(field.Name);
            if (at < 0)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The batch lacks the column '{field.Name}'");
            }

            arrays[i] = batch.Column(at);
            fields[i] = FieldOf(field, arrays[i]);
        }

        return (new Schema(fields, null), arrays);
    }

    /// <summary>Counts rows of a row group all of whose columns are constant or copied.</summary>
    public void AddRows(long rows)
    {
        if (_encoded.Count != 0)
        {
            throw new InvalidOperationException("There are columns to encode.");
        }

        _rows += rows;
    }

    /// <summary>Ends the row group. The encoder is done then.</summary>
    public EncodedRowGroup Finish()
    {
        var chunks = new EncodedRowGroup.Chunk?[_schema.Root.Leaves.Count];
        foreach (var node in _schema.Root.Children)
        {
            if (_constants.TryGetValue(node.Name, out string? value))
            {
                var (metadata, bytes) = ConstantChunk.Build(node, value, _rows);
                chunks[node.FirstLeaf] = new EncodedRowGroup.Chunk(metadata, bytes);
            }
        }

        ParquetSharp.IO.Buffer? native = null;
        if (_encoded.Count > 0)
        {
            if (_rows == 0)
            {
                throw new InvalidOperationException("A row group without rows is not written.");
            }

            Guard(() => _writer!.Close());
            _writer!.Dispose();
            _writer = null;
            native = _buffer!.Finish();
            try
            {
                Lift(native, chunks);
            }
            catch
            {
                native.Dispose();
                throw;
            }
        }

        return new EncodedRowGroup(_rows, chunks, native);
    }

    public void Dispose()
    {
        // ParquetSharp's Dispose writes a footer into the buffer, which is thrown away.
        _writer?.Dispose();
        _writer = null;
        _buffer?.Dispose();
        _buffer = null;
    }

    private static Field FieldOf(Field field, IArrowArray array)
    {
        var type = array.Data.DataType;
        var value = type is DictionaryType dictionary ? dictionary.ValueType : type;
        if (!ArrowTypes.Same(value, field.DataType))
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"Column '{field.Name}' is {ArrowTypes.Text(value)} in the batch and {ArrowTypes.Text(field.DataType)} in the file");
        }

        return type is DictionaryType ? new Field(field.Name, type, field.IsNullable) : field;
    }

    private void Lift(ParquetSharp.IO.Buffer native, EncodedRowGroup.Chunk?[] chunks)
    {
        var footer = ReadFooter(native);
        if (footer.RowGroups.Count != 1 || footer.NumRows != _rows)
        {
            throw new InvalidOperationException($"The encoder made {footer.RowGroups.Count} row groups of {footer.NumRows} rows out of {_rows} rows.");
        }

        int made = 0;
        foreach (int top in _encoded)
        {
            var node = _schema.Root.Children[top];
            for (int leaf = node.FirstLeaf; leaf < node.FirstLeaf + node.LeafCount; leaf++, made++)
            {
                CheckShape(_schema.Root.Leaves[leaf], footer.Root.Leaves[made]);
                var chunk = footer.RowGroups[0].Columns[made];
                chunk.PathInSchema = _schema.Root.Leaves[leaf].Path;
                chunks[leaf] = new EncodedRowGroup.Chunk(chunk, null);
                _schema.Learn(_schema.Root.Leaves[leaf], chunk);
            }
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

    private static ParquetFooter ReadFooter(ParquetSharp.IO.Buffer native)
    {
        byte[] trailer = new byte[8];
        Marshal.Copy((nint)(native.Data + native.Size - trailer.Length), trailer, 0, trailer.Length);
        byte[] bytes = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(trailer)];
        Marshal.Copy((nint)(native.Data + native.Size - trailer.Length - bytes.Length), bytes, 0, bytes.Length);
        return ParquetFooter.Parse(bytes, native.Size);
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

    private FileWriter Writer(Schema schema, bool buffered)
    {
        if (_writer is null)
        {
            _buffer = new BufferOutputStream();
            using var properties = WriterSettings.Create(_options, _schema, _encoded);
            using var arrow = new ArrowWriterPropertiesBuilder().UseThreads(false).Build();
            _writer = new FileWriter(_buffer, schema, properties, arrow);
            if (buffered)
            {
                _writer.NewBufferedRowGroup();
            }
            else
            {
                _writer.NewRowGroup();
            }
        }

        return _writer;
    }
}
