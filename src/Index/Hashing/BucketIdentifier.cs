using System.Globalization;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The simple bucket index's numbers (org.apache.hudi.index.bucket.BucketIdentifier; format E.2).</summary>
internal static class BucketIdentifier
{
    /// <summary>The bucket of a key: the hash of the hash fields' values, cut out of the record key, modulo the number of buckets.</summary>
    public static int BucketId(string recordKey, IReadOnlyList<string> hashFields, int buckets) => Hash(recordKey, hashFields) % buckets;

    /// <summary>The hash whose remainder is the bucket; not negative.</summary>
    public static int Hash(string recordKey, IReadOnlyList<string> hashFields) => JavaHash.OfList(HashKeys(recordKey, hashFields)) & int.MaxValue;

    /// <summary>The number that a file id begins with: 8 digits.</summary>
    public static int BucketOfFile(string fileId) =>
        fileId.Length >= 8 && int.TryParse(fileId.AsSpan(0, 8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int bucket) ? bucket
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The file id '{fileId}' of a bucketed table does not begin with its bucket");

    /// <summary>
    /// Whether file groups are buckets: each file id begins with 0000 and four digits, which random ones do once in 400 000. No property says it, and a writer with another index
    /// would spoil the table: a bucket index expects a key in its bucket's file group.
    /// </summary>
    public static bool AreBuckets(IReadOnlyCollection<string> fileIds) =>
        fileIds.Count > 0 && fileIds.All(id => id.Length >= 8 && id.StartsWith("0000", StringComparison.Ordinal) && !id.AsSpan(4, 4).ContainsAnyExceptInRange('0', '9'));

    /// <summary>
    /// The values that are hashed (KeyGenUtils.extractRecordKeysByFields): in a complex key f1:v1,f2:v2 those of the fields, in the key's order; any other key is one value.
    /// Values may hold ':' and ',': a value ends at the last ',' before the next ':' that follows one.
    /// </summary>
    public static IReadOnlyList<string?> HashKeys(string recordKey, IReadOnlyList<string> hashFields)
    {
        if (!recordKey.Contains(',') || !recordKey.Contains(':'))
        {
            return [recordKey];
        }

        bool all = hashFields.Count == 0 || (hashFields.Count == 1 && hashFields[0].Length == 0);
        var values = new List<string?>();
        int at = 0;
        while (at < recordKey.Length)
        {
            int colon = recordKey.IndexOf(':', at);
            if (colon < 0)
            {
                break;
            }

            int end = EndOfValue(recordKey, colon);
            if (all || hashFields.Contains(recordKey[at..colon]))
            {
                values.Add(recordKey[(colon + 1)..end] switch { "__null__" => null, "__empty__" => string.Empty, var value => value });
            }

            at = end + 1;
        }

        return values.Count == 0 ? [recordKey] : values;
    }

    private static int EndOfValue(string recordKey, int colon)
    {
        int next = recordKey.IndexOf(':', colon + 1);
        while (next > 0)
        {
            int comma = recordKey.LastIndexOf(',', next);
            if (comma > colon)
            {
                return comma;
            }

            next = recordKey.IndexOf(':', next + 1);
        }

        return recordKey.Length;
    }
}
