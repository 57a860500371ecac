namespace OllaLab.Lakehouse.Metadata;

/// <summary>How many file groups a new record index has, which stays so (HoodieTableMetadataUtil.estimateFileGroupCount).</summary>
/// <param name="Min">At least.</param>
/// <param name="Max">At most.</param>
/// <param name="GrowthFactor">How much it may grow.</param>
/// <param name="MaxBytes">Of a file group.</param>
internal readonly record struct RecordIndexGroups(int Min, int Max, float GrowthFactor, long MaxBytes)
{
    /// <summary>Bytes of a record (HoodieBackedTableMetadataWriter.RECORD_INDEX_AVERAGE_RECORD_SIZE).</summary>
    private const int RecordBytes = 48;

    public int CountFor(long records)
    {
        if (Min == Max)
        {
            return Min;
        }

        double expected = Math.Ceiling((float)records * GrowthFactor);
        long each = Math.Max(1, MaxBytes / RecordBytes);
        return (int)Math.Clamp((long)expected / each, Min, Max);
    }
}
