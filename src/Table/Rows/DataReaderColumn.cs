using System.Data.Common;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Moves one column's value of a data reader's current row into a builder.</summary>
internal abstract class DataReaderColumn
{
    public abstract void Append(DbDataReader reader);
}

internal sealed class DataReaderColumn<T>(Field field, ColumnBuilder builder, int ordinal, Appender<T> appender) : DataReaderColumn
{
    public override void Append(DbDataReader reader)
    {
        if (!reader.IsDBNull(ordinal))
        {
            appender.Append(reader.GetFieldValue<T>(ordinal));
        }
        else if (field.IsNullable)
        {
            builder.AppendNull();
        }
        else
        {
            throw RowErrors.Null($"column \"{field.Name}\"");
        }
    }
}

internal sealed class MissingDataReaderColumn(ColumnBuilder builder) : DataReaderColumn
{
    public override void Append(DbDataReader reader) => builder.AppendNull();
}
