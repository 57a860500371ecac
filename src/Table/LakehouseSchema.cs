using System.Data.Common;
using Apache.Arrow;
using OllaLab.Lakehouse.Rows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse;

/// <summary>Columns for a new table, from where they are known already.</summary>
public static class LakehouseSchema
{
    /// <summary>
    /// The columns that the public properties of a class, record or struct ask for. Value types are columns without nulls, nullable ones with; reference types as they are annotated.
    /// Enums and Guids are text, DateTime and DateTimeOffset timestamps (microseconds, UTC), decimal is decimal(38,18) unless
    /// <c>[Column(TypeName = "decimal(12,2)")]</c> says otherwise; <c>[Column("name")]</c> names a column, <c>[NotMapped]</c> leaves a property out.
    /// </summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: names the type and property that no column can hold.</exception>
    public static Schema Of<T>() => RecordSchema.Infer<T>();

    /// <summary>The columns of a data reader's current result.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: names the column that has no name, stands there twice or is of a type that tables do not have.</exception>
    public static Schema Of(DbDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return DataReaderBatches.InferSchema(reader);
    }

    /// <summary>A column list as in Spark's CREATE TABLE: <c>id string not null, amount decimal(12,2), tags array&lt;string&gt;</c>.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: names the place in the text.</exception>
    public static Schema Parse(string columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return DdlParser.Parse(columns);
    }
}
