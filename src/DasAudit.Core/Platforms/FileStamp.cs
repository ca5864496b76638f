namespace DasAudit.Core.Platforms;

/// <summary>What the file system says of a file, and what differs once the file's bytes do.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its bytes changed, as anybody may set it; nanoseconds since 1970, UTC.</param>
/// <param name="Changed">When it changed in any way, as the kernel sets it; nanoseconds since 1970, UTC.</param>
/// <param name="Inode">Its number on the device.</param>
/// <param name="Device">The device's number.</param>
internal readonly record struct FileStamp(long Size, long Modified, long Changed, ulong Inode, ulong Device)
{
    // File systems count time in steps of up to two seconds (FAT), most in steps of a few milliseconds.
    private static readonly TimeSpan CoarsestStep = TimeSpan.FromSeconds(2);

    /// <summary>The stamp of the regular file that a path leads to, also by links; null where there is none.</summary>
    public static FileStamp? Of(string path) => Platform.Current.Stamp(path);

    /// <summary>
    /// Whether any later change shows in the stamp. A file that changed just before it was read could change again
    /// within the same step of the file system's clock, with the same stamp.
    /// </summary>
    /// <param name="read">When the file was read.</param>
    public bool IsSettledAt(DateTimeOffset read)
    {
        var latest = (read - CoarsestStep - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return Math.Max(Modified, Changed) < latest;
    }
}
