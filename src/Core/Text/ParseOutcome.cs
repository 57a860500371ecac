namespace OllaLab.Lakehouse.Text;

internal enum ParseOutcome
{
    Done,
    WrongType,
    OutOfRange,

    /// <summary>A decimal with more digits after the point than the column's scale holds.</summary>
    TooManyDecimals,
}
