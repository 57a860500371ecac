using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <content>Requested, inflight, completed: each a put-if-absent of its own file; earlier files stay (ActiveTimelineV1, ActiveTimelineV2).</content>
internal sealed partial class TimelineClient
{
    /// <summary>
    /// Mints a time and creates the requested file under it; a time that another process took is passed over. It becomes durable no later than what is written after it.
    /// </summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="action">One of <see cref="Actions"/>.</param>
    /// <param name="content">Empty for commits; a plan for services.</param>
    /// <param name="cancellationToken">Cancels before the put, not after.</param>
    public ValueTask<Instant> RequestAsync(ActiveTimeline timeline, string action, ReadOnlyMemory<byte> content = default, CancellationToken cancellationToken = default) => Locks.RunAsync(
        async _ =>
        {
            // Under the lock the timeline is the latest there is: the time is later than all that others were given, whatever their clocks say.
            var floor = Locks.HasOtherWriters ? await LoadAsync(cancellationToken: cancellationToken) : timeline;
            for (int attempt = 0; ; attempt++)
            {
                var instant = new Instant(NewInstantTime(floor), action, InstantState.Requested);
                if (Actions.IsWrite(action))
                {
                    await BeatAsync(instant, cancellationToken);
                }

                if (await TryCreateAsync(instant, content, Durability.Deferred, cancellationToken))
                {
                    return instant;
                }

                if (attempt == 100)
                {
                    throw Conflict(instant);
                }
            }
        },
        cancellationToken);

    /// <summary>Creates the requested file of an instant whose time was minted before; false where another process took the time.</summary>
    public ValueTask<bool> TryRequestAsync(
        Instant requested, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default, Durability durability = Durability.Synced) =>
        TryCreateAsync(requested, content, durability, cancellationToken);

    /// <summary>Requested to inflight.</summary>
    /// <param name="requested">The instant.</param>
    /// <param name="content">Of the file.</param>
    /// <param name="durability">Deferred where all that follows is new files, whose names become durable after this one; synced where files are going to be deleted.</param>
    /// <param name="cancellationToken">Cancels before the put, not after.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/> when the inflight file is there already.</exception>
    public async ValueTask<Instant> StartAsync(
        Instant requested, ReadOnlyMemory<byte> content = default, Durability durability = Durability.Synced, CancellationToken cancellationToken = default)
    {
        var inflight = requested with { State = InstantState.Inflight };
        await BeatAsync(inflight, cancellationToken);
        return await TryCreateAsync(inflight, content, durability, cancellationToken) ? inflight : throw Conflict(inflight);
    }

    /// <summary>
    /// Inflight to completed: the moment at which the action takes effect. In layout 2 the completion time is minted here, greater than the requested time.
    /// </summary>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.Conflict"/> when it was completed by another; <see cref="LakehouseErrorKind.OutcomeUnknown"/> when the storage does not tell, even on reading back:
    /// nothing may be deleted then.
    /// </exception>
    /// <param name="inflight">The instant.</param>
    /// <param name="content">Of the file.</param>
    /// <param name="cancellationToken">Cancels before the put, not after.</param>
    /// <param name="durability">Deferred where another instant, whose completion is synced, must follow for this one to count: those of the metadata table.</param>
    public ValueTask<Instant> CompleteAsync(
        Instant inflight, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default, Durability durability = Durability.Synced) => Locks.RunAsync(
        async section =>
        {
            var floor = inflight.RequestedTime;
            if (Locks.HasOtherWriters)
            {
                var now = await LoadAsync(cancellationToken: cancellationToken);
                RequirePending(now, inflight);
                floor = now.LatestTime;
            }

            var action = inflight.Action == Actions.Clustering ? Actions.ReplaceCommit : Layout.ComparableAction(inflight.Action);
            var completed = NewCompleted(inflight.RequestedTime, action, floor);
            await section.RequireHeldAsync(inflight.RequestedTime, cancellationToken);
            if (!await TryCreateAsync(completed, content, durability, cancellationToken))
            {
                throw Conflict(completed);
            }

            await StopBeatingAsync(completed.RequestedTime);
            return completed;
        },
        cancellationToken);

    /// <summary>Refuses to go on with an instant that another process has rolled back, or completed, meanwhile: its files are no longer its own.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>.</exception>
    public void RequirePending(ActiveTimeline now, Instant inflight)
    {
        if (!now.Pending.Any(i => i.RequestedTime == inflight.RequestedTime && Layout.ComparableAction(i.Action) == Layout.ComparableAction(inflight.Action)))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict,
                now.Find(inflight.RequestedTime).Any()
                    ? $"another process took this {inflight.Action} for dead and finished it"
                    : $"another process took this {inflight.Action} for dead and rolled it back while it was under way",
                Store.Root,
                PathOf(inflight),
                inflight.RequestedTime,
                "Load the table again and repeat the operation");
        }
    }

    /// <summary>From completed back to inflight, under the lock: first the earlier files, where they are missing, then the completed one goes (ActiveTimelineV2.revertCompleteToInflight). From here on readers do not see the commit.</summary>
    /// <param name="completed">The instant.</param>
    /// <param name="pendingAction">The action in the names of its earlier files.</param>
    /// <param name="cancellationToken">Cancels between the steps.</param>
    public async ValueTask RevertToInflightAsync(Instant completed, string pendingAction, CancellationToken cancellationToken = default)
    {
        foreach (var state in new[] { InstantState.Requested, InstantState.Inflight })
        {
            await EnsureAsync(new Instant(completed.RequestedTime, pendingAction, state), cancellationToken);
        }

        await Store.DeleteAsync(PathOf(completed), cancellationToken);
    }

    /// <summary>A completed instant of now.</summary>
    /// <param name="requestedTime">Its identity.</param>
    /// <param name="action">Of its file.</param>
    /// <param name="floor">Its completion time is greater than this.</param>
    internal Instant NewCompleted(string requestedTime, string action, string? floor) =>
        new(requestedTime, action, InstantState.Completed, Layout.OrdersByCompletion ? NewTime(floor) : null) { IsLegacy = !Layout.OrdersByCompletion };

    /// <summary>Creates a pending instant's file, empty, where it is missing.</summary>
    public async ValueTask EnsureAsync(Instant pending, CancellationToken cancellationToken = default)
    {
        if (await Store.GetInfoAsync(PathOf(pending), cancellationToken) is null)
        {
            await TryCreateAsync(pending, default, Durability.Synced, cancellationToken);
        }
    }

    /// <summary>Removes a pending instant's file; whether there was one.</summary>
    public async ValueTask<bool> DeletePendingAsync(Instant pending, CancellationToken cancellationToken = default)
    {
        if (pending.IsCompleted)
        {
            throw new ArgumentException("A completed instant is never deleted as a pending one.", nameof(pending));
        }

        var deleted = await Store.DeleteAsync(PathOf(pending), cancellationToken);
        await StopBeatingAsync(pending.RequestedTime);
        return deleted;
    }

    // Rollbacks are executed under the lock, as a whole.
    private ValueTask BeatAsync(Instant pending, CancellationToken cancellationToken) =>
        Locks.IsOf(Store) && pending.Action != Actions.Rollback ? Locks.Heartbeats.StartAsync(pending.RequestedTime, cancellationToken) : ValueTask.CompletedTask;

    // What is done stays done: a heartbeat that is left over is of no harm.
    private async ValueTask StopBeatingAsync(string instant)
    {
        if (!Locks.IsOf(Store))
        {
            return;
        }

        try
        {
            await Locks.Heartbeats.StopAsync(instant, CancellationToken.None);
        }
        catch (LakehouseException)
        {
        }
    }

    private async ValueTask<bool> TryCreateAsync(Instant instant, ReadOnlyMemory<byte> content, Durability durability, CancellationToken cancellationToken)
    {
        var path = PathOf(instant);
        var result = await Store.PutAsync(path, content, PutCondition.IfAbsent, durability, cancellationToken);
        return result.Outcome switch
        {
            PutOutcome.Committed => true,
            PutOutcome.Conflict => false,
            _ => await ReadBackAsync(path, content, instant, result.Cause, cancellationToken),
        };
    }

    /// <summary>After an unknown outcome: our own content there means that the put took place. Empty content cannot tell ours from another's, but then the name holds a time that this process alone has issued.</summary>
    private async ValueTask<bool> ReadBackAsync(string path, ReadOnlyMemory<byte> content, Instant instant, Exception? cause, CancellationToken cancellationToken)
    {
        try
        {
            var there = await Store.ReadAsync(path, cancellationToken);
            return there.Span.SequenceEqual(content.Span);
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.NotFound)
        {
            // It is not there now, but may still arrive.
            throw Unknown(path, instant, cause);
        }
        catch (LakehouseException e) when (e.Kind is LakehouseErrorKind.Storage or LakehouseErrorKind.OutcomeUnknown)
        {
            throw Unknown(path, instant, e);
        }
    }

    private LakehouseException Unknown(string path, Instant instant, Exception? cause) => new(
        LakehouseErrorKind.OutcomeUnknown,
        "the storage did not tell whether the timeline file was written",
        Store.Root,
        path,
        instant.RequestedTime,
        "Load the table again: the instant is completed if the file is there, and is rolled back by the next write if it is not",
        cause);

    private LakehouseException Conflict(Instant instant) => new(
        LakehouseErrorKind.Conflict,
        $"another writer made the {instant.State.ToString().ToLowerInvariant()} file of this {instant.Action} first",
        Store.Root,
        PathOf(instant),
        instant.RequestedTime,
        "Load the table again and repeat the operation");
}
