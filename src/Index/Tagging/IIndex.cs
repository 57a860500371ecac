using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Finds where incoming keys are stored (spec: "Writer Indexes"). Partition-scoped: a key is looked for in the partition that its row belongs to.</summary>
internal interface IIndex
{
    /// <summary>As hoodie.index.type names it.</summary>
    string Name { get; }

    /// <summary>
    /// The stored rows of the keys in one partition's latest file slices. A key may be stored several times, in one file or several, since inserts are not made unique: every such row is
    /// returned, and all are to be updated or deleted. (Hudi 1.2 updates the first of a file only, its older merge handle all of them.)
    /// </summary>
    /// <param name="keys">The incoming keys.</param>
    /// <param name="slices">The partition's latest slices; those without a base file hold no keys for these indexes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The files with at least one of the keys, in the order of <paramref name="slices"/>.</returns>
    ValueTask<IReadOnlyList<TaggedFile>> TagAsync(KeyMap keys, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken);
}
