using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>Random histories of column changes, writes and compactions against columns and rows kept plainly.</summary>
public sealed class SchemaHistoryModelTests
{
    // More for a long run: MODEL_TESTS=2000.
    private static int Tests => int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 40;

    [Fact]
    public void Any_history_of_columns_reads_as_the_model_does() => Prop
        .ForAll(Gen.Choose(0, 1_000_000).ArrayOf(36).ToArbitrary(), steps => RunAsync(steps).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult())
        .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Tests));

    private static async Task RunAsync(int[] steps)
    {
        var next = 0;
        int Take(int below) => next < steps.Length ? steps[next++] % below : 0;
        var type = Take(2) == 0 ? TableType.CopyOnWrite : TableType.MergeOnRead;
        var version = new[] { 6, 8, 9 }[Take(3)];
        var model = new Model();
        await using var table = await EvolvingTable.CreateAsync(new MemoryObjectStore("t"), "id string, ts bigint, city string, " + model.Ddl(), version, type);
        var then = new List<(string Instant, string Rows)>();
        while (next < steps.Length)
        {
            switch (Take(10))
            {
                case < 4:
                    var keys = Enumerable.Range(0, 1 + Take(3)).Select(_ => Take(6)).Distinct().ToList();
                    await EvolvingTable.UpsertAsync(table, [.. keys.Select(k => model.Upsert(k, Take(100)))]);
                    break;
                case 4 when type == TableType.MergeOnRead:
                    await table.CompactAsync(new CompactionOptions());
                    break;
                default:
                    if (model.Change(Take) is { } change)
                    {
                        await table.AlterSchemaAsync([change]);
                    }

                    break;
            }

            Assert.Equal(model.Rows(), await EvolvingTable.ReadAsync(table));
            if ((await table.RefreshAsync()).Timeline.CompletedWrites.LastOrDefault() is { } last && (then.Count == 0 || then[^1].Instant != last.RequestedTime) && last.Action != "commit" | type == TableType.CopyOnWrite)
            {
                then.Add((last.RequestedTime, model.Rows()));
            }
        }

        foreach (var (instant, rows) in then)
        {
            // What later commits wrote, under the columns of now.
            var later = await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicates.Column("_hoodie_commit_time") > instant });
            Assert.Equal(later, await EvolvingTable.ReadAsync(table, new ReadOptions { Begin = instant, Where = Predicates.Column("_hoodie_commit_time") > instant }));
            Assert.Equal(rows, await EvolvingTable.ReadAsync(table, new ReadOptions { AsOf = instant }));
        }

        // A condition on each column finds what the model has there, whatever the files' statistics are of.
        foreach (var column in model.Columns.Where(c => c.Type == "string"))
        {
            foreach (var value in model.Values(column).OfType<string>().Distinct())
            {
                var found = await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicate.Parse($"{column.Name} = '{value}'"), Columns = ["id"] });
                Assert.Equal(model.Where(column, value), found);
            }
        }
    }

    private sealed class Model
    {
        private readonly SortedDictionary<string, Dictionary<int, object?>> rows = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> heads = [];
        private int ids = 2;
        private int ts;

        public List<Column> Columns { get; } = [new(0, "c0", "int"), new(1, "c1", "string")];

        public string Ddl() => string.Join(", ", Columns.Select(c => $"{c.Name} {c.Type}"));

        public string Upsert(int key, int value)
        {
            var id = $"k{key}";
            rows[id] = Columns.ToDictionary(c => c.Id, c => c.Type switch { "string" => $"v{value}", "double" => value + 0.5, _ => value % 5 == 0 ? null : (object)(long)value });
            heads[id] = $"\"id\":\"{id}\",\"ts\":{++ts},\"city\":\"{(key % 2 == 0 ? "a" : "b")}\"";
            return Line(id);
        }

        public SchemaChange? Change(Func<int, int> take)
        {
            var column = Columns[take(Columns.Count)];
            switch (take(5))
            {
                case 0 when Columns.Count < 6:
                    var name = Enumerable.Range(0, 9).Select(i => $"c{i}").First(n => Columns.All(c => c.Name != n));
                    var type = new[] { "int", "string", "double" }[take(3)];
                    var made = new Column(ids++, name, type);
                    Columns.Insert(Columns.IndexOf(column) + 1, made);
                    return SchemaChange.Add(name, type, after: column.Name);
                case 1 when Columns.Count > 1:
                    Columns.Remove(column);
                    foreach (var row in rows.Values)
                    {
                        row.Remove(column.Id);
                    }

                    return SchemaChange.Drop(column.Name);
                case 2:
                    var free = Enumerable.Range(0, 9).Select(i => $"c{(i + take(9)) % 9}").First(n => Columns.All(c => c.Name != n));
                    var old = column.Name;
                    column.Name = free;
                    return SchemaChange.Rename(old, free);
                case 3 when column.Type != "string":
                    // From int not over double, whose text is another: which one a value has depends on when its file was rewritten, in Hudi too.
                    column.Type = column.Type == "int" && take(2) == 0 ? "bigint" : "string";
                    foreach (var row in rows.Values.Where(r => column.Type == "string" && r.GetValueOrDefault(column.Id) is not null))
                    {
                        row[column.Id] = Convert.ToString(row[column.Id], CultureInfo.InvariantCulture);
                    }

                    return SchemaChange.ChangeType(column.Name, column.Type);
                case 4 when Columns.Count > 1:
                    var after = Columns.First(c => c != column);
                    Columns.Remove(column);
                    Columns.Insert(Columns.IndexOf(after) + 1, column);
                    return SchemaChange.Move(column.Name, after.Name);
                default:
                    return null;
            }
        }

        public string Rows() => string.Join('\n', rows.Keys.Select(Line).Order(StringComparer.Ordinal));

        public IEnumerable<object?> Values(Column column) => rows.Values.Select(r => r.GetValueOrDefault(column.Id));

        public string Where(Column column, string value) =>
            string.Join('\n', rows.Where(r => r.Value.GetValueOrDefault(column.Id) as string == value).Select(r => $$"""{"id":"{{r.Key}}"}""").Order(StringComparer.Ordinal));

        private string Line(string id) => $"{{{heads[id]},{string.Join(',', Columns.Select(c => $"\"{c.Name}\":{Text(rows[id].GetValueOrDefault(c.Id))}"))}}}";

        private static string Text(object? value) => value switch { null => "null", string s => $"\"{s}\"", double d => d.ToString("0.0###", CultureInfo.InvariantCulture), _ => Convert.ToString(value, CultureInfo.InvariantCulture)! };
    }

    private sealed class Column(int id, string name, string type)
    {
        public int Id => id;

        public string Name { get; set; } = name;

        public string Type { get; set; } = type;
    }
}
