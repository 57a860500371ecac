using OllaLab.Lakehouse.S3;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Cli;

/// <summary>What TABLE may be: a folder of the local disk, or s3://bucket/folder, for which credentials, region and endpoint are found as the AWS SDK does (AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_ENDPOINT_URL_S3, ...).</summary>
internal static class TableLocation
{
    public static IObjectStore Store(string location) => location.Split("://") switch
    {
        ["s3" or "s3a" or "s3n", _] => new S3ObjectStore(location),
        ["file", _] => new LocalObjectStore(new Uri(location).LocalPath),
        [_, _] => throw new LakehouseException(LakehouseErrorKind.Unsupported, "Tables are read from the local disk and from s3:// alone", remedy: "Give a folder, or s3://bucket/folder"),
        _ => new LocalObjectStore(location),
    };

    public static Task<LakehouseTable> OpenAsync(string location, LakehouseOptions? options = null, CancellationToken cancellationToken = default) =>
        LakehouseTable.OpenAsync(Store(location), options, cancellationToken);
}
