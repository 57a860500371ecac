namespace OllaLab.Lakehouse.Fuzz;

/// <summary>A file that is whole.</summary>
/// <param name="Name">Where it is from; a decoder of tables finds the table by it.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record Sample(string Name, byte[] Content);

/// <summary>A decoder and what it decodes.</summary>
/// <param name="Name">As FUZZ_TARGET names it.</param>
/// <param name="Samples">What is damaged.</param>
/// <param name="DecodeAsync">Takes a damaged sample; anything but a <see cref="LakehouseException"/> that comes out of it is a defect.</param>
/// <param name="MostBytes">What one decoding may allocate besides 300 times its input (memory that is let go at once counts too).</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<Sample> Samples, Func<Sample, Task> DecodeAsync, long MostBytes = 128 << 20);
