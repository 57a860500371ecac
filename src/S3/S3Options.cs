using Amazon.Runtime;

namespace OllaLab.Lakehouse.S3;

/// <summary>Where an S3 store is and how it is spoken to.</summary>
public sealed class S3Options
{
    private readonly int partSize = 8 << 20;
    private readonly int parallelism = 4;

    /// <summary>The endpoint of a store that is not AWS, as in http://127.0.0.1:7480; null: AWS, or the SDK's AWS_ENDPOINT_URL_S3.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region; null: as the SDK finds it, us-east-1 with an endpoint.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket is in the path rather than in the host's name; null: with an endpoint it is.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Who asks; null: as the SDK finds it (environment, profile, container, instance).</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Encryption at rest that every object is to have: AES256, aws:kms, aws:kms:dsse; null: the bucket's own.</summary>
    public string? ServerSideEncryption { get; init; }

    /// <summary>The key of aws:kms; null: the account's.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Bytes of a part of a large object, and of one of the reads that a large range is split into; 5 MiB to 256 MiB; default 8 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int PartSize
    {
        get => partSize;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 5 << 20);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256 << 20);
            partSize = value;
        }
    }

    /// <summary>Parts of one object that are under way at once, 1 to 64; default 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int Parallelism
    {
        get => parallelism;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64);
            parallelism = value;
        }
    }

    /// <summary>Clock and identifiers; default: the system's.</summary>
    public LakehouseEnvironment Environment { get; init; } = LakehouseEnvironment.System;

    /// <summary>For tests: what lies between the SDK and the network.</summary>
    internal HttpClientFactory? Http { get; init; }
}
