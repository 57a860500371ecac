using Apache.Arrow;
using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Writing.Merging;

/// <summary>Rows of the table made of source rows and the stored rows that they meet.</summary>
/// <param name="config">The table's properties.</param>
/// <param name="table">Its columns.</param>
/// <param name="keys">Those that make key and partition.</param>
internal sealed class MergeOutput(TableConfig config, Schema table, IReadOnlyCollection<string> keys)
{
    private const string Source = "source.";
    private const string Target = "target.";

    /// <summary>Both side by side, under the names that conditions and assignments use.</summary>
    public static RecordBatch Join(RecordBatch? stored, RecordBatch source)
    {
        IEnumerable<Field> Named(string side, RecordBatch? rows) => rows?.Schema.FieldsList.Select(f => new Field(side + f.Name, f.DataType, f.IsNullable)) ?? [];
        return new RecordBatch(new Schema(Named(Target, stored).Concat(Named(Source, source)), null), (stored?.Arrays ?? []).Concat(source.Arrays), source.Length);
    }

    /// <exception cref="LakehouseException">InvalidInput: a clause sets what is not there, or what must not change.</exception>
    public void Check(MergeClause clause)
    {
        foreach (var column in clause.Set?.Keys ?? [])
        {
            var problem = table.GetFieldIndex(column) < 0 ? "is not one of the table's" : keys.Contains(column) ? "makes the row's key or partition and is not set by a merge: it is the source's" : null;
            if (problem is not null)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column '{column}' {problem}", config.Root, remedy: "Leave it out");
            }
        }
    }

    /// <summary>What a clause makes of the rows that it applies to.</summary>
    public RecordBatch Make(MergeClause clause, RecordBatch joined)
    {
        var columns = new List<(string Name, IArrowArray Values)>();
        foreach (var name in table.FieldsList.Select(f => f.Name))
        {
            var set = clause.Set is { } some
                ? some.TryGetValue(name, out var assignment) ? assignment.Apply(joined) : clause.Action == MergeAction.Insert && keys.Contains(name) ? Of(Source + name) : null
                : clause.Action == MergeAction.Delete ? null : Of(Source + name);
            if ((set ?? Of(Target + name)) is { } values)
            {
                columns.Add((name, values));
            }
        }

        if (clause.Action == MergeAction.Delete)
        {
            columns.Add((StagedBatch.GoneColumn, new BooleanArray.Builder().AppendRange(Enumerable.Repeat(true, joined.Length)).Build()));
        }

        return new RecordBatch(new Schema(columns.Select(c => new Field(c.Name, c.Values.Data.DataType, true)), null), columns.Select(c => c.Values), joined.Length);

        IArrowArray? Of(string name) => joined.Schema.GetFieldIndex(name) is >= 0 and var at ? joined.Column(at) : null;
    }
}
