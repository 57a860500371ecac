using Amazon.Runtime;

namespace OllaLab.Lakehouse.S3Tests;

/// <summary>A network whose Nth request of a kind fails before it is sent, or loses its answer.</summary>
internal sealed class FaultyHttp(Func<HttpRequestMessage, bool> counts, bool sent, int times = 1) : HttpClientFactory
{
    private int left = times;

    public List<HttpRequestMessage> Requests { get; } = [];

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    private sealed class Handler(FaultyHttp http) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool fails;
            lock (http.Requests)
            {
                http.Requests.Add(request);
                fails = http.counts(request) && http.left > 0 && http.left-- > 0;
            }

            if (fails && !http.sent)
            {
                throw new HttpRequestException("Injected: not sent");
            }

            var response = await base.SendAsync(request, cancellationToken);
            return fails ? throw new HttpRequestException("Injected: the answer was lost") : response;
        }
    }

    private readonly Func<HttpRequestMessage, bool> counts = counts;
    private readonly bool sent = sent;
}
