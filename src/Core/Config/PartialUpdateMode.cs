namespace OllaLab.Lakehouse.Config;

/// <summary>Which columns of a newer row count as not given (<c>hoodie.table.partial.update.mode</c>, since Hudi 1.1).</summary>
internal enum PartialUpdateMode
{
    /// <summary>All columns count.</summary>
    None,

    /// <summary>A column that holds its default keeps the older value.</summary>
    IgnoreDefaults,

    /// <summary>A column that holds a marker value keeps the older value.</summary>
    FillUnavailable,
}
