using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Reading;

/// <summary>
/// Changes of a table whose columns were changed by schema-on-read evolution: images in change data files have the names and types of their time and no numbers, so that they are refused
/// where some of the table's commits have other columns than the present ones.
/// </summary>
internal static class SchemaOnRead
{
    public static void Refuse(TableState state, TableSchema schema)
    {
        if (state.Timeline.CompletedWrites.FirstOrDefault(w => schema.Evolution?.IsCurrentAt(w.RequestedTime) == false) is { } older)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                "The table's columns were changed by schema-on-read evolution, and change feeds across such a change are not supported",
                state.Store.Root,
                instant: older.RequestedTime,
                remedy: "Read the range with an incremental query instead");
        }
    }
}
