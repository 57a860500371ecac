namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Which columns of a row that stays take the value of the row that it replaced.</summary>
internal enum FillKind : byte
{
    /// <summary>None: whole rows are replaced.</summary>
    None,

    /// <summary>
    /// Those that hold their default (IGNORE_DEFAULTS). PartialUpdateHandler compares boxed Java values by identity: null where the default is null, else equal booleans, and equal
    /// whole numbers from -128 to 127, which Java keeps one object of; texts, larger and real numbers never count as defaults.
    /// </summary>
    Defaults,

    /// <summary>The same with values compared as such (OverwriteNonDefaultsWithLatestAvroPayload); texts still never count, since Java holds the default and the value in different classes.</summary>
    EqualDefaults,

    /// <summary>Those that are null, whatever the default (PartialUpdateAvroPayload).</summary>
    Nulls,

    /// <summary>Texts and bytes that hold the marker of an unavailable value (FILL_UNAVAILABLE).</summary>
    Unavailable,

    /// <summary>Those that the row's log block does not have (KEEP_VALUES, of blocks marked IS_PARTIAL).</summary>
    Absent,
}
