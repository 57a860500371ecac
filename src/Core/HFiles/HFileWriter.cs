using System.Buffers;
using System.Buffers.Binary;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// Writes an HFile of version 3 in the form that every reader of it takes, HBase's of Hudi 0.x and Hudi's own since 1.0: full cell keys in cells, index and last key, one level of
/// index, checksums, no bloom filter. Keys come in ascending order of their bytes, each once. The same cells give the same bytes.
/// </summary>
internal sealed class HFileWriter
{
    /// <summary>
    /// A data block has no more uncompressed, unless one cell alone is longer. Hudi's readers up to 1.2.0 end a block early by the length of its checksums, which must therefore be
    /// shorter than any cell: five of four bytes against 21.
    /// </summary>
    public const int MostBlockBytes = 64 * 1024;

    /// <summary>A row's length is a signed short in Java.</summary>
    public const int MostKeyBytes = short.MaxValue;

    private readonly HFileBlockWriter _blocks;
    private readonly HFileIndexWriter _index = new();
    private readonly ArrayBufferWriter<byte> _cells = new(MostBlockBytes + 1024);
    private readonly byte[] _schema;
    private readonly byte[] _firstKey = new byte[MostKeyBytes];
    private readonly byte[] _lastKey = new byte[MostKeyBytes];
    private readonly int _blockBytes;
    private int _firstKeyLength;
    private int _lastKeyLength;
    private long _keyBytes;
    private long _valueBytes;
    private long _previousBlock = -1;
    private long _firstBlock = -1;

    /// <param name="target">Is written to in sequence, a block at a time.</param>
    /// <param name="codec">Gzip, as Hudi has it in metadata tables, or none.</param>
    /// <param name="schema">The Avro schema of the values.</param>
    /// <param name="blockBytes">A data block has no more uncompressed, unless one cell alone is longer.</param>
    public HFileWriter(Stream target, HFileCodec codec, ReadOnlySpan<byte> schema, int blockBytes = MostBlockBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockBytes, MostBlockBytes);
        _blocks = new HFileBlockWriter(target, codec);
        _schema = schema.ToArray();
        _blockBytes = blockBytes;
    }

    /// <summary>Cells so far.</summary>
    public long EntryCount { get; private set; }

    /// <summary>Appends a cell.</summary>
    /// <param name="key">Greater than the one before, as unsigned bytes.</param>
    /// <param name="value">An Avro record of the schema.</param>
    /// <exception cref="LakehouseException">InvalidInput: the key is not greater, or too long.</exception>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length > MostKeyBytes)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A key of {key.Length} bytes is longer than an HFile can hold ({MostKeyBytes})", remedy: "Shorten the record keys");
        }

        if (EntryCount > 0 && key.SequenceCompareTo(_lastKey.AsSpan(0, _lastKeyLength)) <= 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "The keys of an HFile do not ascend", remedy: "Sort them by their UTF-8 bytes, and give each once");
        }

        long length = HFileKey.CellLength(key.Length) + (long)value.Length;
        if (_cells.WrittenCount > 0 && _cells.WrittenCount + length > _blockBytes)
        {
            FinishDataBlock();
        }

        if (_cells.WrittenCount == 0)
        {
            key.CopyTo(_firstKey);
            _firstKeyLength = key.Length;
        }

        HFileKey.WriteCell(_cells, key, value);
        key.CopyTo(_lastKey);
        _lastKeyLength = key.Length;
        _keyBytes += HFileKey.Length(key.Length);
        _valueBytes += value.Length;
        EntryCount++;
    }

    /// <summary>Writes what is left: the last data block, the indexes, the file's information and the trailer.</summary>
    /// <returns>The length of the file.</returns>
    public long Finish()
    {
        if (_cells.WrittenCount > 0)
        {
            FinishDataBlock();
        }

        long loadOnOpen = _blocks.Position;
        _blocks.Write(HFileBlock.RootIndexMagic, _index.Written, -1);
        _blocks.Write(HFileBlock.RootIndexMagic, [], -1);
        long fileInfo = _blocks.Position;
        _blocks.Write(HFileBlock.FileInfoMagic, HFileInfo.Write(InfoPairs()), -1);
        _blocks.WriteRaw(new HFileTrailer(_blocks.Codec, EntryCount, _firstBlock, Math.Max(_previousBlock, 0))
        {
            FileInfo = fileInfo,
            LoadOnOpen = loadOnOpen,
            IndexBytes = _index.Written.Length,
            UncompressedBytes = _blocks.UncompressedBytes,
            IndexCount = _index.Count,
            IndexLevels = 1,
        }.Write());
        return _blocks.Position;
    }

    private void FinishDataBlock()
    {
        long at = _blocks.Position;
        _blocks.Write(HFileBlock.DataMagic, _cells.WrittenSpan, _previousBlock);
        _index.Add(at, checked((int)(_blocks.Position - at)), _firstKey.AsSpan(0, _firstKeyLength));
        _cells.ResetWrittenCount();
        _firstBlock = _firstBlock < 0 ? at : _firstBlock;
        _previousBlock = at;
    }

    /// <summary>In the order of their bytes, as HBase has them; without the average lengths Hudi 0.15 does not open a file. Time is left at 0, as in HBase's files of Hudi.</summary>
    private List<(string Key, byte[] Value)> InfoPairs() =>
    [
        ("KEY_VALUE_VERSION", HFileInfo.Int32(1)),
        ("MAX_MEMSTORE_TS_KEY", new byte[sizeof(long)]),
        ("hfile.AVG_KEY_LEN", HFileInfo.Int32((int)(EntryCount == 0 ? 0 : _keyBytes / EntryCount))),
        ("hfile.AVG_VALUE_LEN", HFileInfo.Int32((int)(EntryCount == 0 ? 0 : _valueBytes / EntryCount))),
        ("hfile.CREATE_TIME_TS", new byte[sizeof(long)]),
        (HFileInfo.LastKey, EntryCount == 0 ? [] : HFileKey.Full(_lastKey.AsSpan(0, _lastKeyLength))),
        (HFileInfo.Schema, _schema),
    ];
}
