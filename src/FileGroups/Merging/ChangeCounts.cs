namespace OllaLab.Lakehouse.FileGroups;

/// <param name="Updated">Rows of the base file that another replaces.</param>
/// <param name="Deleted">Rows of the base file that go.</param>
/// <param name="Inserted">New rows.</param>
internal readonly record struct ChangeCounts(long Updated, long Deleted, long Inserted)
{
    public static ChangeCounts operator +(ChangeCounts left, ChangeCounts right) =>
        new(left.Updated + right.Updated, left.Deleted + right.Deleted, left.Inserted + right.Inserted);
}
