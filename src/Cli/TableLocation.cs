using System.CommandLine;
using System.CommandLine.Parsing;
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

    /// <summary>The --option of commands that take nothing else by Hudi's names than who else writes.</summary>
    public static Option<string[]> OtherWriters()
    {
        var option = CommonOptions.KeyValues("--option", "Who else writes, by Hudi's own names, as in hoodie.write.concurrency.mode=OPTIMISTIC_CONCURRENCY_CONTROL");
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !ConcurrencyOptions.IsProperty(t.Value.Split('=', 2)[0])))
            {
                result.AddError($"--option does not know '{token.Value}' here");
            }
        });
        return option;
    }

    /// <summary>Opens a command's table; its --option may say who else writes.</summary>
    public static Task<LakehouseTable> OpenAsync(ParseResult parsed, Argument<string> table, LakehouseOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(parsed.GetRequiredValue(table), options ?? new LakehouseOptions { Concurrency = Concurrency(parsed) }, cancellationToken);

    /// <summary>What a command's --option says of other writers.</summary>
    public static ConcurrencyOptions Concurrency(ParseResult parsed)
    {
        var values = parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(o => o.Option.Name == "--option")?.GetValueOrDefault<string[]>();
        return ConcurrencyOptions.FromProperties((values ?? []).Select(v => v.Split('=', 2)).Where(p => p.Length == 2 && ConcurrencyOptions.IsProperty(p[0])).DistinctBy(p => p[0]).ToDictionary(p => p[0], p => p[1]));
    }

    public static Task<LakehouseTable> OpenAsync(string location, LakehouseOptions? options = null, CancellationToken cancellationToken = default) =>
        LakehouseTable.OpenAsync(Store(location), options, cancellationToken);
}
