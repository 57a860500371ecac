using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace OllaLab.Lakehouse.S3;

/// <summary>The store's failures as ours. Messages name the operation's code, never what was sent.</summary>
internal static class S3Errors
{
    public static bool IsOfTheStore(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || (e is OperationCanceledException { InnerException: TimeoutException }) || IsNotUnderstood(e);

    /// <summary>What the SDK runs into where an answer's XML, dates or numbers are none. A put may have taken place for all that.</summary>
    private static bool IsNotUnderstood(Exception e) => e is System.Xml.XmlException or FormatException or OverflowException or InvalidDataException;

    public static bool IsAbsent(Exception e) => e is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } s3 && s3.ErrorCode != "NoSuchBucket";

    /// <summary>Whether the store said that the condition of a put does not hold. 409 is a race that it did not decide.</summary>
    public static bool IsPreconditionFailed(Exception e) => e is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed };

    /// <summary>Whether the store refused, so that nothing was done.</summary>
    public static bool IsRefused(Exception e) => e is AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } s3
        && s3.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests);

    public static LakehouseException From(Exception e, string root, string path) => e switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new(LakehouseErrorKind.NotFound, "The bucket is not there", root, path, remedy: "Create it, or correct the location", inner: e),
        AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } => new(LakehouseErrorKind.NotFound, "There is no such object", root, path, inner: e),
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } s3 => new(
            LakehouseErrorKind.Storage, $"The store refused access ({s3.ErrorCode})", root, path, remedy: "Check the credentials and the bucket's policy", inner: e),
        AmazonS3Exception s3 => new(LakehouseErrorKind.Storage, $"The store answered {(int)s3.StatusCode} {s3.ErrorCode}", root, path, remedy: "Try again; if it goes on, ask whoever runs the store", inner: e),
        AmazonClientException when e is not AmazonServiceException => new(LakehouseErrorKind.Storage, "The store could not be asked: no credentials were found, or no connection was made", root, path, remedy: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a profile, and check the endpoint", inner: e),
        _ when IsNotUnderstood(e) => new(LakehouseErrorKind.Storage, "The store's answer is not one of S3's", root, path, remedy: "Check that the endpoint is an S3 store, not a page or a proxy", inner: e),
        _ => new(LakehouseErrorKind.Storage, $"The store could not be reached ({e.GetType().Name})", root, path, remedy: "Check the endpoint and the network", inner: e),
    };
}
