using System.Net;
using Amazon.Runtime;
using OllaLab.Lakehouse.S3;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>A store on S3 whose every answer is damaged: bodies of errors, of listings, of objects, with whatever status and length.</summary>
internal static class S3Target
{
    private static readonly string[] Bodies =
    [
        """<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>1</RequestId><HostId>2</HostId></Error>""",
        """<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>b</Name><Prefix>t/</Prefix><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>t/p/f</Key><LastModified>2024-01-02T03:04:05.000Z</LastModified><ETag>"00"</ETag><Size>3</Size></Contents><CommonPrefixes><Prefix>t/q/</Prefix></CommonPrefixes></ListBucketResult>""",
        """<?xml version="1.0" encoding="UTF-8"?><DeleteResult><Error><Key>t/p/f</Key><Code>AccessDenied</Code></Error></DeleteResult>""",
        """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Error><Code>&b;&b;&b;</Code></Error>""",
    ];

    private static readonly HttpStatusCode[] Codes = [HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.NoContent, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.RequestedRangeNotSatisfiable];

    public static FuzzTarget Make() => new("s3", [.. Bodies.Select(b => new Sample("body", System.Text.Encoding.UTF8.GetBytes(b)))], DecodeAsync);

    private static async Task DecodeAsync(Sample sample)
    {
        var random = new Random(sample.Content.Length + (sample.Content.Length > 40 ? sample.Content[40] : 0));
        var code = Codes[random.Next(Codes.Length)];
        var options = new S3Options
        {
            Endpoint = new Uri("http://127.0.0.1:9"), Credentials = new BasicAWSCredentials("k", "s"), Http = new Answers(new Handler(code, sample.Content, random.Next(4))),
        };
        var store = new S3ObjectStore("s3://b/t", options);
        Func<Task>[] calls =
        [
            async () => await store.GetInfoAsync("p/f"),
            async () => await store.ReadAsync("p/f"),
            async () => await store.ReadRangeAsync("p/f", 0, new byte[16]),
            async () => await store.ListAsync(string.Empty, recursive: false).Take(100).CountAsync(),
            async () => await store.DeleteAsync("p/f"),
            async () => await store.DeleteFolderAsync("p"),
            async () => await store.PutAsync("p/f", new byte[] { 1 }, PutCondition.IfAbsent),
        ];
        await calls[random.Next(calls.Length)]();
    }

    private sealed class Answers(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    private sealed class Handler(HttpStatusCode code, byte[] body, int kind) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage(code) { RequestMessage = request, Content = new StreamContent(new MemoryStream(body)) };
            answer.Headers.TryAddWithoutValidation("ETag", kind == 1 ? "\"" : "\"00\"");
            answer.Content.Headers.ContentLength = kind switch { 0 => null, 1 => long.MaxValue, 2 => body.Length + 10, _ => body.Length };
            if (kind == 2)
            {
                answer.Content.Headers.TryAddWithoutValidation("Last-Modified", "yesterday");
                answer.Headers.TryAddWithoutValidation("Content-Range", "bytes 5-1/0");
            }

            return Task.FromResult(answer);
        }
    }
}
