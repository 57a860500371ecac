using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The map of files or partitions (filesystemMetadata: HoodieMetadataFileInfo by name).</summary>
internal sealed class FilesCodec
{
    private const int Size = 0;
    private const int IsDeleted = 1;

    private readonly AvroFieldMap info;
    private readonly AvroType infoType;

    public FilesCodec(AvroType map)
    {
        infoType = map.Items is { Kind: AvroKind.Record } items
            ? items
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, "The schema of the metadata table's records has a map of files that holds no records");
        AvroFieldMap.Find(infoType, "size", AvroKind.Long);
        AvroFieldMap.Find(infoType, "isDeleted", AvroKind.Boolean);
        info = new AvroFieldMap(infoType, "size", "isDeleted");
    }

    public FilesPayload Read(ref AvroInput input, MetadataRecordType type)
    {
        var files = new Dictionary<string, MetadataFileInfo>(StringComparer.Ordinal);
        for (int count = input.ReadBlockCount(); count > 0; count = input.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                string name = input.ReadText();
                files[name] = ReadInfo(ref input);
            }
        }

        return new FilesPayload(type, files);
    }

    public void Write(AvroOutput output, FilesPayload payload)
    {
        if (payload.Files.Count > 0)
        {
            output.WriteLong(payload.Files.Count);
            foreach (var (name, file) in payload.Files)
            {
                output.WriteText(name);
                WriteInfo(output, file);
            }
        }

        output.WriteLong(0);
    }

    private MetadataFileInfo ReadInfo(ref AvroInput input)
    {
        long size = 0;
        bool isDeleted = false;
        if (!input.ReadBranch(infoType))
        {
            throw AvroInput.Bad("a file is null");
        }

        foreach (var (name, type) in info.Fields)
        {
            if (name < 0)
            {
                new AvroSkip(type).Read(ref input);
            }
            else if (input.ReadBranch(type))
            {
                (size, isDeleted) = name == Size ? (input.ReadLong(), isDeleted) : (size, input.ReadBoolean());
            }
        }

        return size >= 0 ? new MetadataFileInfo(size, isDeleted) : throw AvroInput.Bad($"a file has {size} bytes");
    }

    private void WriteInfo(AvroOutput output, MetadataFileInfo file)
    {
        output.WriteBranch(infoType, hasValue: true);
        foreach (var (name, type) in info.Fields)
        {
            output.WriteBranch(type, name >= 0);
            switch (name)
            {
                case Size:
                    output.WriteLong(file.Size);
                    break;
                case IsDeleted:
                    output.WriteBoolean(file.IsDeleted);
                    break;
            }
        }
    }
}
