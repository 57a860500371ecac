#!/usr/bin/env bash
# Packs the packages and uses them as a stranger would: a console program in an empty folder, and the command line as an installed tool. Leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet pack -c Release -o "$work/packages" --nologo -v q
ls -l "$work/packages"

# Packages are taken from the folder just made and kept apart from the user's own cache of earlier builds.
cat > "$work/nuget.config" <<XML
<configuration>
  <packageSources><clear /><add key="local" value="$work/packages" /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" /></packageSources>
  <packageSourceMapping>
    <packageSource key="local"><package pattern="OllaLab.*" /></packageSource>
    <packageSource key="nuget.org"><package pattern="*" /></packageSource>
  </packageSourceMapping>
</configuration>
XML
export NUGET_PACKAGES="$work/cache"
if [ -d "$HOME/.nuget/packages" ]; then
  mkdir -p "$NUGET_PACKAGES" && cp -r "$HOME/.nuget/packages/." "$NUGET_PACKAGES" && rm -rf "$NUGET_PACKAGES"/ollalab.*
fi

echo "== a console program"
cd "$work"
dotnet new console -o trips > /dev/null
cd trips
dotnet add package OllaLab.Lakehouse --version 0.1.0 > /dev/null
dotnet add package OllaLab.Lakehouse.Sql --version 0.1.0 > /dev/null
cat > Program.cs <<'CS'
using OllaLab.Lakehouse;
using static OllaLab.Lakehouse.Predicates;

await using var trips = await LakehouseTable.CreateAsync("data/trips", LakehouseSchema.Of<Trip>(), new() { Keys = ["Id"], Partitions = ["City"], Ordering = ["At"] });
WriteResult first = await trips.UpsertAsync(new Trip[] { new("a", "oslo", DateTime.UtcNow, 12.5), new("b", "lisbon", DateTime.UtcNow, 8) });
await trips.UpsertAsync(new Trip[] { new("b", "lisbon", DateTime.UtcNow, 9) });                    // the same key: the row with the greater At stays
await foreach (Trip t in trips.ReadAsync<Trip>(new() { Where = Column("Fare") > 8.5 })) { Console.WriteLine($"now {t.Id} {t.Fare}"); }
await foreach (Trip t in trips.ReadAsync<Trip>(new() { AsOf = first.Instant })) { Console.WriteLine($"then {t.Id} {t.Fare}"); }
await foreach (Trip t in trips.ReadAsync<Trip>(new() { Begin = first.CompletionTime })) { Console.WriteLine($"since {t.Id} {t.Fare}"); }
await using var sql = LakehouseSql.Open(("trips", trips));
await using var rows = await sql.ExecuteReaderAsync("select City, avg(Fare) from trips group by City order by City");
while (await rows.ReadAsync()) { Console.WriteLine($"sql {rows.GetString(0)} {rows.GetDouble(1)}"); }

public record Trip(string Id, string City, DateTime At, double Fare);
CS
dotnet run > out.txt
cat out.txt
diff <(sort out.txt) <(printf '%s\n' "now a 12.5" "now b 9" "then a 12.5" "then b 8" "since b 9" "sql lisbon 9" "sql oslo 12.5" | sort)

echo "== the tool"
mkdir "$work/tool"
cd "$work/tool"
dotnet tool install OllaLab.Lakehouse.Cli --version 0.1.0 --tool-path "$work/tools" > /dev/null
lakehouse="$work/tools/lakehouse"
"$lakehouse" create trips --schema "id string, city string, ts bigint, fare double" --key id --partition city --ordering ts
printf '%s\n' '{"id":"a","city":"oslo","ts":1,"fare":12.5}' '{"id":"b","city":"lisbon","ts":1,"fare":8}' | "$lakehouse" write trips --input -
printf '%s\n' '{"id":"b","city":"lisbon","ts":2,"fare":9}' > more.jsonl
"$lakehouse" write trips --input more.jsonl
printf 'id,city\na,oslo\n' > gone.csv
"$lakehouse" write trips --operation delete --input gone.csv
"$lakehouse" read trips --where "fare > 8.5" --columns id,fare --format jsonl | tee rows.txt
[ "$(cat rows.txt)" = '{"id":"b","fare":9.0}' ]
"$lakehouse" sql "select city, count(*) as n from trips group by city" --table trips=trips --format csv | tee rows.txt
diff rows.txt <(printf 'city,n\nlisbon,1\n')
"$lakehouse" timeline trips
"$lakehouse" files trips
echo "packages work"
