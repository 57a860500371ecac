using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>Selects the rows that the commits of an incremental range wrote, by their _hoodie_commit_time. For several threads.</summary>
internal sealed class CommitFilter(IncrementalRange range, ActiveTimeline timeline)
{
    public IncrementalRange Range => range;

    public ActiveTimeline Timeline => timeline;

    public BooleanArray Select(RecordBatch batch)
    {
        var times = (StringArray)batch.Column(batch.Schema.GetFieldIndex(MetaColumns.CommitTime));
        var mask = new BooleanArray.Builder();
        byte[] last = [];
        var wanted = false;
        for (var i = 0; i < times.Length; i++)
        {
            // Neighbours mostly share their commit.
            var time = times.GetBytes(i);
            if (!time.SequenceEqual(last))
            {
                last = time.ToArray();
                wanted = range.Contains(Encoding.UTF8.GetString(last), timeline);
            }

            mask.Append(wanted && !time.IsEmpty);
        }

        return mask.Build();
    }
}
