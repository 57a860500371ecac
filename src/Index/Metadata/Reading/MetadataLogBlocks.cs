using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Takes the records and deletions of log blocks up, in their order.</summary>
internal sealed class MetadataLogBlocks(IObjectStore store, MetadataCells cells)
{
    public async ValueTask AddAsync(LogBlock block, CancellationToken cancellationToken)
    {
        if (await OpenAsync(block, cancellationToken) is ({ } file, { } codec))
        {
            await cells.AddAsync(file, codec, block.Path, cancellationToken);
        }
    }

    /// <summary>Opens a block of records; takes the deletions of another up.</summary>
    public async ValueTask<(HFile? File, MetadataRecordCodec? Codec)> OpenAsync(LogBlock block, CancellationToken cancellationToken)
    {
        switch (block.Type)
        {
            case LogBlockType.HFileData:
                var schema = block.Header(LogHeader.Schema) ?? throw LogFormat.Damaged(block.Path, block.Start, "its header has no schema");
                return (await HFile.OpenAsync(new BlockContentStore(store, block), block.Path, block.ContentLength, cancellationToken), MetadataRecordCodec.For(schema));
            case LogBlockType.Delete:
                var deletes = await DeleteBlock.ReadAsync(store, block, cancellationToken);
                for (int i = 0; i < deletes.Count; i++)
                {
                    if (deletes.Keys.IsNull(i))
                    {
                        throw LogFormat.Damaged(block.Path, block.Start, "it deletes a record without a key");
                    }

                    cells.Add(deletes.Keys.GetBytes(i).ToArray(), default, null);
                }

                return default;
            default:
                throw LogFormat.Refused(block.Path, block.Start, $"is of the type {block.Type}, which the metadata table has not", "Read the table with hoodie.metadata.enable=false");
        }
    }
}
