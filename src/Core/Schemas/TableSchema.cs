namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// The columns of a table in both forms that the engine needs: Avro, which Hudi stores (names, docs, defaults, order, unions), and Arrow, in which rows travel.
/// Holds the data columns only; the five meta columns are added by <see cref="MetaColumns"/>.
/// </summary>
internal sealed partial class TableSchema
{
    private TableSchema(Avro.RecordSchema avro, Apache.Arrow.Schema arrow)
    {
        Avro = avro;
        Arrow = arrow;
    }

    /// <summary>The Avro record, without meta columns.</summary>
    public Avro.RecordSchema Avro { get; }

    /// <summary>The Arrow form of <see cref="Avro"/>, same order.</summary>
    public Apache.Arrow.Schema Arrow { get; }
}
