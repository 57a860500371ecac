namespace OllaLab.Lakehouse.AvroRows;

/// <summary>What is done with one field of each record, worked out once from the schema: it is read into a column, or skipped.</summary>
internal abstract class AvroStep
{
    public abstract void Read(ref AvroInput input);
}
