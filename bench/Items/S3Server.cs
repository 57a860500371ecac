using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using OllaLab.Lakehouse.S3;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>The S3 server that rows on object storage need, with the SDK's credentials or, where there are none, those of the tests' server.</summary>
internal static class S3Server
{
    public const string Variable = "LAKEHOUSE_S3_ENDPOINT";
    private const string Bucket = "lakehouse-bench";

    public static bool IsThere => Endpoint is { Length: > 0 };

    private static string? Endpoint => Environment.GetEnvironmentVariable(Variable);

    private static AWSCredentials? Credentials => Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is null ? new BasicAWSCredentials("testaccess", "testsecret") : null;

    public static S3ObjectStore Open(string location) => new(location, new S3Options { Endpoint = new Uri(Endpoint!), Credentials = Credentials });

    /// <summary>A location that nothing is in.</summary>
    public static async Task<string> NewLocationAsync()
    {
        var config = new AmazonS3Config { ServiceURL = Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1" };
        using var client = Credentials is { } credentials ? new AmazonS3Client(credentials, config) : new AmazonS3Client(config);
        try
        {
            await client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket });
        }
        catch (BucketAlreadyOwnedByYouException)
        {
        }

        return $"s3://{Bucket}/{Guid.NewGuid():N}/t";
    }
}
