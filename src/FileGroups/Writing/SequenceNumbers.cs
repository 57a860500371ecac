using System.Buffers.Text;
using System.Text;
using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Values of _hoodie_commit_seqno: instant, task and running number, with underscores between (HoodieRecord.generateSequenceId).</summary>
internal static class SequenceNumbers
{
    public static StringArray Create(string instant, int task, long first, int length)
    {
        var prefix = Encoding.ASCII.GetBytes($"{instant}_{task}_");
        var bytes = new byte[(long)length * (prefix.Length + Digits(first + Math.Max(0, length - 1)))];
        var offsets = new int[length + 1];
        var at = 0;
        for (var i = 0; i < length; i++)
        {
            prefix.CopyTo(bytes, at);
            at += prefix.Length;
            Utf8Formatter.TryFormat(first + i, bytes.AsSpan(at), out var written);
            at += written;
            offsets[i + 1] = at;
        }

        var offsetBytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(offsets).ToArray();
        return new StringArray(length, new ArrowBuffer(offsetBytes), new ArrowBuffer(bytes.AsMemory(0, at)), ArrowBuffer.Empty);
    }

    private static int Digits(long value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }
}
