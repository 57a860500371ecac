using System.Text;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// f1:v1,f2:v2 in the configured order; a null is __null__, an empty text __empty__, and not all may be one of the two (KeyGenerator.constructRecordKey).
/// Values that hold commas and colons are not escaped, in Hudi neither.
/// </summary>
internal sealed class ComplexKeys(IReadOnlyList<string> fields, bool timestampsAsText) : RecordKeySource
{
    private readonly byte[][] prefixes = [.. fields.Select((f, i) => Encoding.UTF8.GetBytes((i == 0 ? string.Empty : ",") + f + ":"))];

    public override IReadOnlyList<string> Fields => fields;

    public override StringArray Generate(RecordBatch data, long firstRow)
    {
        var columns = fields.Select(f => ColumnPath.Resolve(data, f)).ToArray();
        var texts = columns.Select(c => ValueText.Of(c.Leaf, c.Name, timestampsAsText)).ToArray();
        var keys = new KeyColumnBuilder(data.Length);
        for (int row = 0; row < data.Length; row++)
        {
            bool any = false;
            for (int i = 0; i < columns.Length; i++)
            {
                keys.Append(prefixes[i]);
                if (columns[i].HasNullParent(row))
                {
                    throw Refused($"The record that holds the record key column '{columns[i].Name}' is null", firstRow + row);
                }

                var value = columns[i].Leaf.IsNull(row) ? "__null__"u8 : texts[i].Get(row);
                any |= !value.IsEmpty && !columns[i].Leaf.IsNull(row);
                keys.Append(value.IsEmpty ? "__empty__"u8 : value);
            }

            if (!any)
            {
                throw Refused($"All record key columns ({string.Join(", ", fields)}) are null or empty", firstRow + row);
            }

            keys.EndKey();
        }

        return keys.Build();
    }
}
