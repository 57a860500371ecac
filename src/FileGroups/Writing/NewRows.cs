using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Incoming rows as rows of a base file: what their meta columns hold.</summary>
internal static class NewRows
{
    /// <summary>Meta columns that are one value in a row group of new rows only.</summary>
    private static Dictionary<string, string?> Constants(BaseFileContext context, BaseFileWriter file, bool areMerged)
    {
        var constants = new Dictionary<string, string?>(file.Constants);
        if (context.PopulateMetaFields)
        {
            constants[MetaColumns.PartitionPath] = file.PartitionPath;
            if (!areMerged)
            {
                constants[MetaColumns.CommitTime] = context.Instant;
            }
        }

        return constants;
    }

    /// <summary>Encodes a row group of new rows only.</summary>
    /// <param name="firstRow">Number of its first row within the file's task, for sequence numbers.</param>
    public static EncodedRowGroup Encode(BaseFileContext context, BaseFileWriter file, IReadOnlyList<IncomingRows> rows, long firstRow)
    {
        var incoming = new List<IncomingColumns>(rows.Count);
        foreach (var part in rows)
        {
            incoming.Add(new IncomingColumns(part, context.Instant, file.Task, firstRow));
            firstRow += part.Length;
        }

        var constants = Constants(context, file, rows[0].AreMerged);
        using var encoder = file.NewRowGroup(rows.Sum(r => (long)r.Length));
        encoder.AddConstants(constants);
        foreach (var field in context.Schema.ArrowWithMeta.FieldsList.Where(f => !constants.ContainsKey(f.Name)))
        {
            encoder.Add(field.Name, [.. incoming.Select(i => i.Column(field.Name))]);
        }

        return encoder.Finish();
    }
}
