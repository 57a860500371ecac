using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Storage;

/// <summary>The faults on which other tests rest do what they say.</summary>
public class FaultPlanTests
{
    private readonly MemoryObjectStore _memory = new();

    [Theory]
    [InlineData(Fault.Before, null, false)]
    [InlineData(Fault.Torn, null, false)]
    [InlineData(Fault.LostReply, PutOutcome.Unknown, true)]
    [InlineData(Fault.UnknownWithoutEffect, PutOutcome.Unknown, false)]
    [InlineData(Fault.DelayedSuccess, PutOutcome.Unknown, false)]
    public async Task A_put_fails_as_planned(Fault fault, PutOutcome? outcome, bool there)
    {
        var store = new FaultInjectingObjectStore(_memory, FaultPlan.At(2, fault));
        Assert.Equal(PutOutcome.Committed, (await store.PutAsync("1", new byte[1], PutCondition.IfAbsent)).Outcome);
        if (outcome is null)
        {
            await Assert.ThrowsAsync<LakehouseException>(async () => await store.PutAsync("2", new byte[1], PutCondition.IfAbsent));
        }
        else
        {
            Assert.Equal(outcome, (await store.PutAsync("2", new byte[1], PutCondition.IfAbsent)).Outcome);
        }

        Assert.Equal(there, await _memory.GetInfoAsync("2") is not null);
        Assert.Equal(PutOutcome.Committed, (await store.PutAsync("3", new byte[1], PutCondition.IfAbsent)).Outcome);
    }

    [Fact]
    public async Task A_delayed_put_comes_later()
    {
        var plan = FaultPlan.At(1, Fault.DelayedSuccess, delay: 2);
        var store = new FaultInjectingObjectStore(_memory, plan);
        await store.PutAsync("x", new byte[1], PutCondition.IfAbsent);
        await store.GetInfoAsync("y");
        Assert.Null(await _memory.GetInfoAsync("x"));
        await store.GetInfoAsync("y");
        Assert.NotNull(await _memory.GetInfoAsync("x"));

        plan = FaultPlan.At(1, Fault.DelayedSuccess);
        await new FaultInjectingObjectStore(_memory, plan).PutAsync("z", new byte[1], PutCondition.IfAbsent);
        Assert.Null(await _memory.GetInfoAsync("z"));
        await plan.ReleaseDelayedAsync();
        Assert.NotNull(await _memory.GetInfoAsync("z"));
    }

    [Fact]
    public async Task After_a_death_nothing_works()
    {
        var plan = FaultPlan.At(1, Fault.LostReply, dies: true);
        var store = new FaultInjectingObjectStore(_memory, plan);
        await store.GetInfoAsync("x");
        await store.PutAsync("x", new byte[1], PutCondition.IfAbsent);
        Assert.True(plan.Fired);
        await Assert.ThrowsAsync<LakehouseException>(async () => await store.DeleteAsync("x"));
        await Assert.ThrowsAsync<LakehouseException>(async () => await store.ReadAsync("x"));
        Assert.NotNull(await _memory.GetInfoAsync("x"));
        Assert.Equal(4, plan.Log.Count);
    }

    [Fact]
    public async Task Every_step_of_a_large_object_can_fail()
    {
        int steps = 0;
        for (int n = 1; ; n++)
        {
            var plan = FaultPlan.At(n, Fault.Torn, dies: true);
            var store = new FaultInjectingObjectStore(_memory, plan);
            try
            {
                await using var writer = await store.CreateAsync("large");
                await writer.Stream.WriteAsync(new byte[1000]);
                await writer.CompleteAsync();
            }
            catch (LakehouseException)
            {
            }

            Assert.Equal(!plan.Fired, await _memory.GetInfoAsync("large") is not null);
            if (!plan.Fired)
            {
                break;
            }

            steps++;
        }

        Assert.Equal(3, steps);
    }
}
