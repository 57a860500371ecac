using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.S3;

/// <summary>The SDK's clients for one location: one that repeats what is safe to repeat, one that asks once.</summary>
internal sealed class S3Connection
{
    public S3Connection(S3Location location, S3Options options)
    {
        (Location, Options) = (location, options);
        Repeating = Client(4);
        Once = Client(0);
    }

    public S3Location Location { get; }

    public S3Options Options { get; }

    public string Root => Location.Url;

    /// <summary>For what does no harm done twice: reads, listings, deletions, parts.</summary>
    public IAmazonS3 Repeating { get; }

    /// <summary>For conditional puts: one that was applied and is repeated would be told that it lost to itself.</summary>
    public IAmazonS3 Once { get; }

    public string Key(string path)
    {
        ObjectPath.RequireObject(path, Root);
        return Location.Prefix + path;
    }

    /// <summary>The store's failures become ours.</summary>
    public async ValueTask<T> CallAsync<T>(string path, Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (S3Errors.IsOfTheStore(e))
        {
            throw S3Errors.From(e, Root, path);
        }
    }

    private AmazonS3Client Client(int repeats)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = repeats,
            RetryMode = RequestRetryMode.Standard,
            Timeout = TimeSpan.FromSeconds(100),

            // Stores other than AWS answer the newer checksums with 400.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (Options.Http is { } http)
        {
            config.HttpClientFactory = http;
        }

        if (Options.Endpoint is { } endpoint)
        {
            if (endpoint.UserInfo.Length > 0)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, "The endpoint holds a user's name", Root, remedy: "Give credentials by the environment or a profile, never in the endpoint");
            }

            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = Options.Region ?? "us-east-1";
        }
        else if (Options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        config.ForcePathStyle = Options.PathStyle ?? Options.Endpoint is not null;
        try
        {
            return Options.Credentials is { } credentials ? new AmazonS3Client(credentials, config) : new AmazonS3Client(config);
        }
        catch (AmazonClientException e)
        {
            throw S3Errors.From(e, Root, string.Empty);
        }
    }
}
