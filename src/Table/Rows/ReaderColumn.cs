using System.Data;
using System.Data.Common;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Rows;

/// <summary>What ADO.NET asks about a column.</summary>
internal sealed class ReaderColumn : DbColumn
{
    public ReaderColumn(Field field, int ordinal)
    {
        ColumnName = field.Name;
        ColumnOrdinal = ordinal;
        AllowDBNull = field.IsNullable;
        IsReadOnly = true;
        DataType = NaturalTypes.Of(field.DataType);
        DataTypeName = Text.TypeNames.Describe(field.DataType);
        if (field.DataType is Decimal128Type d)
        {
            (NumericPrecision, NumericScale) = (d.Precision, d.Scale);
        }
    }

    public static DataTable Table(IEnumerable<DbColumn> columns)
    {
        var table = new DataTable("SchemaTable");
        table.Columns.Add(SchemaTableColumn.ColumnName, typeof(string));
        table.Columns.Add(SchemaTableColumn.ColumnOrdinal, typeof(int));
        table.Columns.Add(SchemaTableColumn.ColumnSize, typeof(int));
        table.Columns.Add(SchemaTableColumn.NumericPrecision, typeof(int));
        table.Columns.Add(SchemaTableColumn.NumericScale, typeof(int));
        table.Columns.Add(SchemaTableColumn.DataType, typeof(Type));
        table.Columns.Add(SchemaTableColumn.AllowDBNull, typeof(bool));
        foreach (var c in columns)
        {
            table.Rows.Add(c.ColumnName, c.ColumnOrdinal, -1, (object?)c.NumericPrecision ?? DBNull.Value, (object?)c.NumericScale ?? DBNull.Value, c.DataType, c.AllowDBNull);
        }

        return table;
    }
}
