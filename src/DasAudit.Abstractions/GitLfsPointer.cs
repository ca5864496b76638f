namespace DasAudit.Abstractions;

/// <summary>
/// The small text file that Git LFS leaves in a clone in place of a large file until that is fetched
/// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
/// </summary>
public static class GitLfsPointer
{
    /// <summary>What every such file starts with, as UTF-8 bytes.</summary>
    public static ReadOnlySpan<byte> Start => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Whether bytes are the beginning of such a file.</summary>
    /// <param name="beginning">The first bytes of a file, at least as many as <see cref="Start"/> has.</param>
    public static bool IsAt(ReadOnlySpan<byte> beginning) => beginning.StartsWith(Start);

    /// <summary>Whether a file is such a pointer; false for one that is missing or cannot be read.</summary>
    /// <param name="path">The file.</param>
    public static bool IsFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> beginning = stackalloc byte[Start.Length];
            var length = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
            return IsAt(beginning[..length]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The sentence that says so, with the remedy.</summary>
    /// <param name="path">The file.</param>
    public static AuditException Refuse(string path) =>
        new($"'{path}' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository.");
}
