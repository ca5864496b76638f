using System.Runtime.InteropServices;

namespace DasAudit.Core.Platforms;

/// <summary>Asks Linux for what .NET does not tell of a file: inode, device, time of change, nanoseconds.</summary>
internal static partial class LinuxFileStatus
{
    private const int CurrentFolder = -100;
    private const uint BasicStatistics = 0x7ff;
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;

    // Older C libraries, and others than glibc.
    private static volatile bool _missing;

    /// <summary>The stamp of a regular file, links followed; null for none, or if the system cannot tell.</summary>
    public static FileStamp? Read(string path)
    {
        if (_missing)
            return null;
        try
        {
            return statx(CurrentFolder, path, 0, BasicStatistics, out var status) == 0 ? Stamp(status) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _missing = true;
            return null;
        }
    }

    private static FileStamp? Stamp(in Status status)
    {
        if ((status.Mask & BasicStatistics) != BasicStatistics || (status.Mode & KindMask) != RegularFile)
            return null;
        var device = ((ulong)status.DeviceMajor << 32) | status.DeviceMinor;
        return new(status.Size, status.Modified.Nanoseconds, status.Changed.Nanoseconds, status.Inode, device);
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, out Status status);

    // struct statx of the kernel, whose layout never changes; what is not read is left out.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(96)]
        public Time Changed;

        [FieldOffset(112)]
        public Time Modified;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    private struct Time
    {
        public long Seconds;
        public uint Fraction;
        public int Reserved;

        public readonly long Nanoseconds => Seconds * 1_000_000_000 + Fraction;
    }
}
