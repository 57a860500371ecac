using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The bare text of one column. A string column is handed out as it is, without a copy.</summary>
internal sealed class SingleFieldKeys(string field, bool timestampsAsText) : RecordKeySource
{
    public override IReadOnlyList<string> Fields { get; } = [field];

    public override StringArray Generate(RecordBatch data, long firstRow)
    {
        var column = ColumnPath.Resolve(data, field);
        if (column.IsNullable)
        {
            for (int row = 0; row < data.Length; row++)
            {
                if (column.IsNull(row))
                {
                    throw Refused($"The record key column '{field}' is null", firstRow + row);
                }
            }
        }

        if (column.Leaf is StringArray strings)
        {
            RefuseEmpty(strings, firstRow);
            return strings;
        }

        var text = ValueText.Of(column.Leaf, field, timestampsAsText);
        var keys = new KeyColumnBuilder(data.Length);
        for (int row = 0; row < data.Length; row++)
        {
            var value = text.Get(row);
            if (value.IsEmpty)
            {
                throw Refused($"The record key column '{field}' is empty", firstRow + row);
            }

            keys.Append(value);
            keys.EndKey();
        }

        return keys.Build();
    }

    private void RefuseEmpty(StringArray strings, long firstRow)
    {
        var offsets = strings.ValueOffsets;
        for (int row = 0; row < strings.Length; row++)
        {
            if (offsets[row] == offsets[row + 1])
            {
                throw Refused($"The record key column '{field}' is empty", firstRow + row);
            }
        }
    }
}
