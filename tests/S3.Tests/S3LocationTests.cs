using OllaLab.Lakehouse.S3;

namespace OllaLab.Lakehouse.S3Tests;

public class S3LocationTests
{
    [Theory]
    [InlineData("s3://b", "b", "", "s3://b")]
    [InlineData("s3a://b/", "b", "", "s3://b")]
    [InlineData("s3n://b/t", "b", "t/", "s3://b/t")]
    [InlineData("s3://my.bucket-1/a/b c/d=1/", "my.bucket-1", "a/b c/d=1/", "s3://my.bucket-1/a/b c/d=1")]
    public void Bucket_and_folder(string url, string bucket, string prefix, string shown)
    {
        var location = S3Location.Parse(url);
        Assert.Equal((bucket, prefix, shown), (location.Bucket, location.Prefix, location.Url));
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///t")]
    [InlineData("gs://b/t")]
    [InlineData("/tmp/t")]
    [InlineData("s3://b/a/../c")]
    [InlineData("s3://b/a//c")]
    [InlineData("s3://key:hidden@b/t")]
    public void Others_are_refused_and_not_repeated(string url)
    {
        var error = Assert.Throws<LakehouseException>(() => new S3ObjectStore(url, new S3Options { Endpoint = new Uri("http://127.0.0.1:9") }));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.DoesNotContain("hidden", error.ToString());
    }

    [Fact]
    public void A_secret_in_the_endpoint_is_refused() =>
        Assert.DoesNotContain("hidden", Assert.Throws<LakehouseException>(() => new S3ObjectStore("s3://b/t", new S3Options { Endpoint = new Uri("http://key:hidden@127.0.0.1:9") })).ToString());
}
