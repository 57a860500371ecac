using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Errors about arrays that are not what Arrow's columnar format says.</summary>
internal static class Corrupt
{
    public static LakehouseException Array(ArrayData data, string problem) =>
        new(LakehouseErrorKind.Corrupt, $"An Arrow array of type {ArrowTypes.Text(data.DataType)} has {problem}");

    public static LakehouseException Unsupported(Apache.Arrow.Types.IArrowType type) =>
        new(LakehouseErrorKind.Unsupported, $"Arrow arrays of type {ArrowTypes.Text(type)} are not supported", remedy: "Convert the column to a supported type");
}
