using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using OllaLab.Lakehouse.S3;

namespace OllaLab.Lakehouse.S3Tests;

/// <summary>The S3 server of the tests, which tests/services/ceph-rgw-up.sh starts; where LAKEHOUSE_S3_ENDPOINT does not name it, its tests are skipped.</summary>
internal static class S3Server
{
    public const string Secret = "testsecret";
    private const string Bucket = "lakehouse";
    private static readonly Lazy<Task> Made = new(MakeBucketAsync);

    public static string? Endpoint => Environment.GetEnvironmentVariable("LAKEHOUSE_S3_ENDPOINT") is { Length: > 0 } endpoint ? endpoint : null;

    public static BasicAWSCredentials Credentials { get; } = new("testaccess", Secret);

    public static S3Options Options(HttpClientFactory? http = null, string? encryption = null, AWSCredentials? credentials = null) => new()
    {
        Endpoint = new Uri(Endpoint!), Credentials = credentials ?? Credentials, PartSize = 5 << 20, Http = http, ServerSideEncryption = encryption,
    };

    /// <summary>A location that nothing is in.</summary>
    public static string NewLocation()
    {
        Require();
        Made.Value.GetAwaiter().GetResult();
        return $"s3://{Bucket}/{Guid.NewGuid():N}/t";
    }

    public static void Require() => Assert.SkipWhen(Endpoint is null, "LAKEHOUSE_S3_ENDPOINT is not set: tests/services/ceph-rgw-up.sh starts an S3 server for tests.");

    public static AmazonS3Client Client() => new(Credentials, new AmazonS3Config { ServiceURL = Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    private static async Task MakeBucketAsync()
    {
        using var client = Client();
        await client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket });
    }
}
