using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>
/// Which operation of a store fails, and how. Counts and logs all operations, so that a test can run once without a fault, learn the count N, and then fail each of 1..N in turn:
/// <code>for (int n = 1; ; n++) { var plan = FaultPlan.At(n, Fault.LostReply, dies: true); ...; if (!plan.Fired) break; }</code>
/// </summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<StorageOperation> _log = [];
    private readonly List<(int Due, Func<Task> Effect)> _delayed = [];
    private readonly Func<StorageOperation, bool> _counts;
    private readonly Fault? _fault;
    private readonly int _at;
    private readonly bool _dies;
    private readonly int _delay;
    private int _counted;

    private FaultPlan(int at, Fault? fault, bool dies, Func<StorageOperation, bool> counts, int delay)
    {
        _at = at;
        _fault = fault;
        _dies = dies;
        _counts = counts;
        _delay = delay;
    }

    /// <summary>Nothing fails; operations are only logged.</summary>
    public static FaultPlan None() => new(0, null, false, static _ => true, 0);

    /// <summary>The Nth operation fails.</summary>
    /// <param name="n">From 1, among the operations that count.</param>
    /// <param name="fault">How.</param>
    /// <param name="dies">Whether every later operation fails too, as after the death of a process: what is left then is what the next writer finds.</param>
    /// <param name="counts">Which operations count; null: those that change the storage.</param>
    /// <param name="delay">After how many further operations a delayed success comes; 0: only when released.</param>
    public static FaultPlan At(int n, Fault fault, bool dies = false, Func<StorageOperation, bool>? counts = null, int delay = 0) =>
        new(n, fault, dies, counts ?? (static operation => operation.Mutates), delay);

    /// <summary>Whether the fault came.</summary>
    public bool Fired { get; private set; }

    /// <summary>All operations so far.</summary>
    public IReadOnlyList<StorageOperation> Log
    {
        get
        {
            lock (_gate)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>Lets delayed puts take effect now.</summary>
    public async Task ReleaseDelayedAsync()
    {
        List<(int Due, Func<Task> Effect)> due;
        lock (_gate)
        {
            due = [.. _delayed];
            _delayed.Clear();
        }

        foreach (var (_, effect) in due)
        {
            await effect();
        }
    }

    /// <summary>Counts an operation; the fault it is to suffer, or null.</summary>
    internal async ValueTask<Fault?> NextAsync(StorageOperationKind kind, string path)
    {
        Fault? fault = null;
        List<Func<Task>> due = [];
        lock (_gate)
        {
            var operation = new StorageOperation(_log.Count + 1, kind, path, null);
            if (_fault is not null && Fired && _dies)
            {
                fault = Fault.Before;
            }
            else if (_fault is not null && !Fired && _counts(operation) && ++_counted == _at)
            {
                Fired = true;
                fault = _fault;
            }

            _log.Add(operation with { Failed = fault });
            for (int i = _delayed.Count - 1; i >= 0; i--)
            {
                if (_delayed[i].Due > 0 && _delayed[i].Due <= _log.Count)
                {
                    due.Add(_delayed[i].Effect);
                    _delayed.RemoveAt(i);
                }
            }
        }

        foreach (var effect in due)
        {
            await effect();
        }

        return fault;
    }

    internal void Delay(Func<Task> effect)
    {
        lock (_gate)
        {
            _delayed.Add((_delay == 0 ? 0 : _log.Count + _delay, effect));
        }
    }

    internal static LakehouseException Error(StorageOperationKind kind, string path) => new(LakehouseErrorKind.Storage, $"Injected: {kind} failed", path: path);

    /// <summary>Counts an operation that has no reply of its own to lose; throws unless it is to be carried out in full.</summary>
    internal async ValueTask<T> RunAsync<T>(StorageOperationKind kind, string path, Func<ValueTask<T>> operation)
    {
        var fault = await NextAsync(kind, path);
        if (fault is null)
        {
            return await operation();
        }

        if (fault == Fault.LostReply)
        {
            await operation();
        }

        throw Error(kind, path);
    }
}
