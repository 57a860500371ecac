using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Evolution;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The columns that a write gives the table where it may change them (HoodieSchemaUtils.deduceWriterSchema): those of the table, with types widened to the input's and the input's new columns
/// behind the others, nested ones too. Whatever else differs is refused where rows are cast.
/// </summary>
internal static class InputSchema
{
    /// <summary>The schema to write with, and the input, whose first batch was looked at.</summary>
    public static async ValueTask<(TableSchema Schema, IAsyncEnumerable<RecordBatch> Rows)> EvolveAsync(
        TableSchema table, IAsyncEnumerable<RecordBatch> input, string tableName, CancellationToken cancellationToken)
    {
        var batches = input.GetAsyncEnumerator(cancellationToken);
        try
        {
            return await batches.MoveNextAsync() ? (Evolve(table, batches.Current.Schema, tableName), RestAsync(batches, cancellationToken)) : (table, RestAsync(batches, cancellationToken, isEmpty: true));
        }
        catch
        {
            await batches.DisposeAsync();
            throw;
        }
    }

    /// <summary>The table's columns with what rows of an input need.</summary>
    public static TableSchema Evolve(TableSchema table, Schema input, string tableName)
    {
        if (input.FieldsList.All(f => MetaColumns.IsReserved(f.Name)))
        {
            return table;
        }

        var given = TableSchema.FromArrow(input, tableName);
        var edits = new List<Edit>();
        Compare(table.Root, given.Root, (JsonObject)JsonNode.Parse(given.ToAvroJson(withMetaColumns: false))!, null, edits);
        if (edits.Count == 0)
        {
            return table;
        }

        if (table.Evolution is not { } evolution)
        {
            var json = (JsonObject)JsonNode.Parse(table.ToAvroJson(withMetaColumns: false))!;
            edits.ForEach(e => e.Apply(json));
            return TableSchema.FromJson(json).InPlaceOf(table);
        }

        var after = edits.Aggregate(evolution.Current, (schema, edit) => edit.IsNew
            ? SchemaEdit.Add(schema, edit.Path, edit.Field.Type, edit.Field.Doc, null)
            : SchemaEdit.Retype(schema, edit.Path, edit.Field.Type));
        return TableSchema.FromAvro(InternalSchemaAvro.ToAvroJson(after, table.Root.FullName ?? tableName)).With(SchemaEvolution.Changed(evolution, evolution.Current, after)).InPlaceOf(table);
    }

    private static async IAsyncEnumerable<RecordBatch> RestAsync(IAsyncEnumerator<RecordBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken, bool isEmpty = false)
    {
        await using (batches)
        {
            for (bool more = !isEmpty; more; more = await batches.MoveNextAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return batches.Current;
            }
        }
    }

    private static void Compare(AvroType table, AvroType given, JsonObject json, string? path, List<Edit> edits)
    {
        foreach (var (field, fieldJson) in given.Fields.Zip(json["fields"]!.AsArray(), (f, j) => (f, (JsonObject)j!)))
        {
            var full = path is null ? field.Name : $"{path}.{field.Name}";
            if (table.Fields.FirstOrDefault(f => f.Name == field.Name) is not { } known)
            {
                if (table.Fields.Any(f => string.Equals(f.Name, field.Name, StringComparison.OrdinalIgnoreCase)))
                {
                    throw new LakehouseException(
                        LakehouseErrorKind.InvalidInput, $"The column {full} differs from one of the table's in upper and lower case only, which are the same to Spark", remedy: "Name it as the table does");
                }

                // Nullable whatever the input says: rows that are stored have none.
                var added = (JsonObject)fieldJson.DeepClone();
                if (!field.Type.Nullable)
                {
                    added["type"] = new JsonArray("null", added["type"]!.DeepClone());
                }

                added["default"] = null;
                edits.Add(new Edit(full, field, added, true));
                continue;
            }

            CompareTypes(known.Type, field, AvroNodes.WithoutNull(fieldJson["type"]!), full, edits);
        }
    }

    private static void CompareTypes(AvroType table, AvroField given, JsonNode json, string path, List<Edit> edits)
    {
        switch (table.Kind, given.Type.Kind)
        {
            case (AvroKind.Record, AvroKind.Record):
                Compare(table, given.Type, (JsonObject)json, path, edits);
                break;
            case (AvroKind.Array, AvroKind.Array):
                CompareTypes(table.Items!, given with { Type = given.Type.Items! }, AvroNodes.WithoutNull(json["items"]!), $"{path}.{AvroToArrow.ElementName}", edits);
                break;
            case (AvroKind.Map, AvroKind.Map):
                CompareTypes(table.Items!, given with { Type = given.Type.Items! }, AvroNodes.WithoutNull(json["values"]!), $"{path}.value", edits);
                break;
            case var (from, to) when IsWider(from, to) || (to == AvroKind.Decimal && IsWiderDecimal(table, given.Type)):
                edits.Add(new Edit(path, given, json, false));
                break;
        }
    }

    /// <summary>Promotions that Hudi makes of itself (AvroSchemaCompatibility).</summary>
    private static bool IsWider(AvroKind from, AvroKind to) => (from, to) switch
    {
        (AvroKind.Int, AvroKind.Long or AvroKind.Float or AvroKind.Double or AvroKind.String) => true,
        (AvroKind.Long, AvroKind.Float or AvroKind.Double or AvroKind.String) => true,
        (AvroKind.Float, AvroKind.Double or AvroKind.String) => true,
        (AvroKind.Double, AvroKind.String) => true,
        _ => false,
    };

    private static bool IsWiderDecimal(AvroType from, AvroType to) =>
        from.Kind == AvroKind.Decimal && to.Scale >= from.Scale && to.Precision - to.Scale >= from.Precision - from.Scale && (to.Scale, to.Precision) != (from.Scale, from.Precision);

    /// <param name="Path">The column.</param>
    /// <param name="Field">As the input has it.</param>
    /// <param name="Json">The field, or the type without null.</param>
    /// <param name="IsNew">Whether the table does not have it.</param>
    private sealed record Edit(string Path, AvroField Field, JsonNode Json, bool IsNew)
    {
        public void Apply(JsonObject record)
        {
            int dot = Path.LastIndexOf('.');
            if (IsNew)
            {
                ((JsonObject)AvroNodes.TypeAt(record, dot < 0 ? null : Path[..dot]))["fields"]!.AsArray().Add(Json.DeepClone());
            }
            else
            {
                AvroNodes.ReplaceType(record, Path, Json.DeepClone());
            }
        }
    }
}
