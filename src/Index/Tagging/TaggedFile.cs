using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Stored rows of incoming keys in one file.</summary>
/// <param name="Slice">The file slice, with a base file.</param>
/// <param name="Positions">Rows of the base file, counted from 0 over the whole file, ascending.</param>
/// <param name="Keys">For each position the key's number in the <see cref="KeyMap"/>.</param>
internal sealed record TaggedFile(FileSlice Slice, long[] Positions, int[] Keys);
