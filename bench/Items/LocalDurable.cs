namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>The least that a durable new file costs: create, write 2 kB, sync, rename, sync the folder.</summary>
internal static class LocalDurable
{
    private static readonly byte[] Content = new byte[2048];

    public static void Create(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        using (var file = File.OpenHandle(path + ".tmp", FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, Content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(path + ".tmp", path);
        SyncFolder(folder);
    }

    private static void SyncFolder(string folder)
    {
        var descriptor = Native.open(folder, 0);
        _ = Native.fsync(descriptor);
        _ = Native.close(descriptor);
    }

    private static class Native
    {
        [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
        public static extern int open(string path, int flags);

        [System.Runtime.InteropServices.DllImport("libc")]
        public static extern int fsync(int descriptor);

        [System.Runtime.InteropServices.DllImport("libc")]
        public static extern int close(int descriptor);
    }
}
