using System.ComponentModel.DataAnnotations.Schema;

namespace Quickstart;

/// <summary>One event as one message of the feed describes it. Its properties are the table's columns, by name in any case.</summary>
internal sealed record Quake(
    string Id, string Day, DateTime Time, DateTime Updated, string Status, string Type, double Mag, string Place, int? Felt, string Net, double Lon, double Lat, double Depth)
{
    /// <summary>The columns, as in Spark's CREATE TABLE.</summary>
    public const string Columns = """
        id string not null, day string not null, time timestamp not null, updated timestamp not null, status string, type string,
        mag double, place string, felt int, net string, lon double, lat double, depth double
        """;

    /// <summary>Magnitude and place.</summary>
    [NotMapped]
    public string Title => FormattableString.Invariant($"{Mag:0.0} {Place}");
}

/// <summary>What is enough to withdraw an event: its key and its partition.</summary>
internal sealed record QuakeKey(string Id, string Day);
