using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Tells which values count as not given, for the columns that are merged (PartialUpdateHandler; only top-level columns are looked at).</summary>
internal sealed class FillRule
{
    private readonly byte[]? marker;
    private readonly IArrowArray?[] defaults;
    private readonly bool[] isShared;
    private readonly bool[] isText;

    public FillRule(MergeRule rule, TableSchema table, Schema columns)
    {
        marker = rule.UnavailableMarker is { } text ? Encoding.UTF8.GetBytes(text) : null;
        defaults = [.. columns.FieldsList.Select(f => Default(table, f))];
        isShared = [.. defaults.Select(IsOneObject)];
        isText = [.. columns.FieldsList.Select(f => f.DataType is Apache.Arrow.Types.StringType or Apache.Arrow.Types.BinaryType)];
    }

    /// <summary>Whether a value is to be filled.</summary>
    /// <param name="kind">What counts.</param>
    /// <param name="column">The column's ordinal.</param>
    /// <param name="values">The column of the row's batch.</param>
    /// <param name="row">The row.</param>
    /// <param name="present">Which columns the row's block has; null: all.</param>
    public bool IsMissing(FillKind kind, int column, IArrowArray values, int row, bool[]? present) => kind switch
    {
        FillKind.Nulls => values.IsNull(row),
        FillKind.Absent => present is not null && !present[column],
        FillKind.Unavailable => marker is not null && isText[column] && !values.IsNull(row) && ((BinaryArray)values).GetBytes(row).SequenceEqual(marker),
        FillKind.Defaults => defaults[column] is not { } value ? values.IsNull(row) : isShared[column] && Kernels.Equal(value, 0, values, row),
        FillKind.EqualDefaults => defaults[column] is not { } value ? values.IsNull(row) : !isText[column] && Kernels.Equal(value, 0, values, row),
        _ => false,
    };

    // Null where the default is null, or none is stated.
    private static IArrowArray? Default(TableSchema table, Field field) =>
        table.Root.Fields.FirstOrDefault(f => f.Name == field.Name)?.Default is { ValueKind: not System.Text.Json.JsonValueKind.Null }
            ? SchemaProjection.Create(new Schema([], null), new Schema([field], null), table).Apply(new RecordBatch(new Schema([], null), [], 1)).Column(0)
            : null;

    // Whether Java has one object only of the value (Boolean.valueOf, Integer.valueOf, Long.valueOf).
    private static bool IsOneObject(IArrowArray? value) => value switch
    {
        BooleanArray => true,
        Int32Array a => a.GetValue(0) is >= sbyte.MinValue and <= sbyte.MaxValue,
        Date32Array a => a.Values[0] is >= sbyte.MinValue and <= sbyte.MaxValue,
        Int64Array a => a.GetValue(0) is >= sbyte.MinValue and <= sbyte.MaxValue,
        TimestampArray a => a.Values[0] is >= sbyte.MinValue and <= sbyte.MaxValue,
        Time32Array a => a.Values[0] is >= sbyte.MinValue and <= sbyte.MaxValue,
        Time64Array a => a.Values[0] is >= sbyte.MinValue and <= sbyte.MaxValue,
        _ => false,
    };
}
