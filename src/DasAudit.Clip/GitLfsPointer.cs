namespace DasAudit.Clip;

/// <summary>The small text that Git leaves in place of a large file until <c>git lfs pull</c> fetches it.</summary>
internal static class GitLfsPointer
{
    /// <summary>Does nothing if the file is something else.</summary>
    /// <exception cref="AuditException">It is such a text.</exception>
    public static void Refuse(string path)
    {
        var start = "version https://git-lfs.github.com/spec/"u8;
        var bytes = new byte[start.Length];
        using var file = File.OpenRead(path);
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (bytes.AsSpan(0, count).SequenceEqual(start))
            throw new AuditException(
                $"'{path}' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository."
            );
    }
}
