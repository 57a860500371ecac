using System.Buffers;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Collects runs in a pooled array; a run that continues the one before is joined to it.</summary>
internal sealed class RunBuilder(int capacity) : IDisposable
{
    private RowRun[] _runs = ArrayPool<RowRun>.Shared.Rent(Math.Max(capacity, 16));
    private int _count;

    public ReadOnlySpan<RowRun> Runs => _runs.AsSpan(0, _count);

    /// <summary>Whether there is one run and it takes the first rows of a source, so many.</summary>
    public bool IsAllOf(int source, int length) => _count == 1 && _runs[0] is { Start: 0 } run && run.Source == source && run.Length == length;

    public void Add(int source, int start, int length)
    {
        if (length == 0)
        {
            return;
        }

        if (_count > 0)
        {
            ref var last = ref _runs[_count - 1];
            if (start < 0 ? last.Start < 0 : last.Source == source && last.Start >= 0 && last.Start + last.Length == start)
            {
                last = last with { Length = last.Length + length };
                return;
            }
        }

        if (_count == _runs.Length)
        {
            var larger = ArrayPool<RowRun>.Shared.Rent(_runs.Length * 2);
            _runs.AsSpan().CopyTo(larger);
            ArrayPool<RowRun>.Shared.Return(_runs);
            _runs = larger;
        }

        _runs[_count++] = new RowRun(source, start, length);
    }

    public void Dispose()
    {
        if (_runs.Length > 0)
        {
            ArrayPool<RowRun>.Shared.Return(_runs);
        }

        _runs = [];
        _count = 0;
    }
}
