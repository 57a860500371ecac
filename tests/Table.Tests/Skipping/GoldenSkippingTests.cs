using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.TestSupport;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>Tables whose metadata table Hudi wrote: conditions on each value of each column find the same rows with it and without.</summary>
public sealed class GoldenSkippingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Conditions_find_the_same_rows_with_and_without_the_metadata_table()
    {
        var (skipped, all, conditions) = (0L, 0L, 0);
        foreach (var name in Golden.Names("v"))
        {
            var golden = Golden.Open(name);
            if (golden.Property("hoodie.table.metadata.partitions")?.Split(',').Contains(MetadataPartitions.ColumnStats) != true || name.Contains("schema_on_read", StringComparison.Ordinal) || name.Contains("virtual_keys", StringComparison.Ordinal))
            {
                continue;
            }

            await using var with = await LakehouseTable.OpenAsync(golden.Table);
            await using var without = await LakehouseTable.OpenAsync(golden.Table, new LakehouseOptions { UseMetadataTable = false });
            var (rows, state) = (await RowsAsync(without, new ReadOptions()), await with.RefreshAsync());
            foreach (var condition in Conditions(rows, new Random(7)))
            {
                var options = new ReadOptions { Where = condition };
                var plan = await ScanPlanner.PlanAsync(state, options, default);
                var expected = Select(rows, condition);
                var found = await RowsAsync(with, options);
                Assert.True(expected.SequenceEqual(Text(found)), $"{name}: {condition}");
                (skipped, all, conditions) = (skipped + plan.SlicesBeforePruning - plan.Slices.Count, all + plan.SlicesBeforePruning, conditions + 1);
            }
        }

        output.WriteLine($"{conditions} conditions, {skipped} of {all} slices ruled out");
        Assert.True(conditions > 500 && skipped * 4 > all, $"{conditions} conditions, {skipped} of {all} slices ruled out");
    }

    // Of each column: is it null or not, and a few of its values compared and joined with one of another column.
    private static IEnumerable<Predicate> Conditions(IReadOnlyList<RecordBatch> rows, Random random)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        var last = Column("_hoodie_record_key").IsNotNull();
        foreach (var field in rows[0].Schema.FieldsList.Where(f => f.DataType is not (NestedType or BinaryType or FixedSizeBinaryType) || f.DataType is Decimal128Type or StringType))
        {
            yield return random.Next(2) == 0 ? Column(field.Name).IsNull() : Column(field.Name).IsNotNull();
            for (var i = 0; i < 1; i++)
            {
                var batch = rows[random.Next(rows.Count)];
                if (Value(batch.Column(field.Name), random.Next(batch.Length)) is not { } literal)
                {
                    continue;
                }

                var column = Column(field.Name);
                var condition = random.Next(5) switch { 0 => column < literal, 1 => column > literal, 2 => column >= literal, _ => column == literal };
                yield return random.Next(3) == 0 ? condition & last : condition;
                last = condition;
            }
        }
    }

    private static Literal? Value(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        StringArray a => a.GetString(row),
        BooleanArray a => a.GetValue(row)!.Value,
        Int32Array a => a.GetValue(row)!.Value,
        Int64Array a => a.GetValue(row)!.Value,
        FloatArray a => a.GetValue(row)!.Value,
        DoubleArray a => a.GetValue(row)!.Value,
        Date32Array a => a.GetDateOnly(row)!.Value,
        TimestampArray a => a.GetTimestamp(row)!.Value,
        Decimal128Array { Scale: < 20 } a when a.GetSqlDecimal(row)!.Value is { Precision: <= 28 } d => d.Value,
        _ => null,
    };

    private static IReadOnlyList<string> Select(IReadOnlyList<RecordBatch> rows, Predicate condition) =>
        [.. rows.SelectMany(b => condition.Bind(b.Schema).Select(b) is var mask ? Lines(b).Where((_, i) => mask.GetValue(i) == true) : []).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Text(IReadOnlyList<RecordBatch> rows) => [.. rows.SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(RecordBatch batch) => Enumerable.Range(0, batch.Length).Select(i => $"{((StringArray)batch.Column("_hoodie_record_key")).GetString(i)} {((StringArray)batch.Column("_hoodie_commit_seqno")).GetString(i)}");

    private static async Task<IReadOnlyList<RecordBatch>> RowsAsync(LakehouseTable table, ReadOptions options)
    {
        var batches = new List<RecordBatch>();
        await foreach (var batch in table.ReadAsync(options))
        {
            batches.Add(batch);
        }

        return batches;
    }
}
