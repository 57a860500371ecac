namespace OllaLab.Lakehouse.S3;

/// <summary>A bucket and the folder in it.</summary>
internal sealed record S3Location(string Bucket, string Prefix)
{
    /// <summary>As users and error messages have it.</summary>
    public string Url => Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Prefix.TrimEnd('/')}";

    /// <exception cref="LakehouseException">InvalidInput: not s3://bucket/folder (s3a and s3n are the same).</exception>
    public static S3Location Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme > 0 && url[..scheme] is "s3" or "s3a" or "s3n" ? url[(scheme + 3)..].TrimEnd('/') : string.Empty;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (bucket, folder) = slash < 0 ? (rest, string.Empty) : (rest[..slash], rest[(slash + 1)..]);

        // "user:secret@bucket" is what Hadoop once took; it ends up in logs.
        if (bucket.Length == 0 || bucket.AsSpan().ContainsAny("@:?# ") || (folder.Length > 0 && folder.Split('/').Any(static s => s is "" or "." or "..")))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "The location is not of the form s3://bucket/folder", remedy: "Give credentials by the environment or a profile, never in the location");
        }

        return new S3Location(bucket, folder.Length == 0 ? string.Empty : folder + "/");
    }
}
