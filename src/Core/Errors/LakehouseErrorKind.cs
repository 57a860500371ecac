namespace OllaLab.Lakehouse;

/// <summary>What a caller can do about a <see cref="LakehouseException"/>. The kinds are few on purpose: each one asks for another reaction.</summary>
public enum LakehouseErrorKind
{
    /// <summary>The input, an option or an argument is wrong: correct it. Nothing was changed.</summary>
    InvalidInput,

    /// <summary>The table uses something this engine does not understand (a version, codec, merge mode, key generator, ...). Nothing was changed.</summary>
    Unsupported,

    /// <summary>A file does not hold what its format promises.</summary>
    Corrupt,

    /// <summary>The table, instant or file is not there.</summary>
    NotFound,

    /// <summary>What was to be created is there already.</summary>
    AlreadyExists,

    /// <summary>Another writer was first: read the table again and try once more.</summary>
    Conflict,

    /// <summary>The storage did not say whether the commit took place. Nothing was deleted: read the table again to find out.</summary>
    OutcomeUnknown,

    /// <summary>The storage failed (disk full, no permission, network).</summary>
    Storage,
}
