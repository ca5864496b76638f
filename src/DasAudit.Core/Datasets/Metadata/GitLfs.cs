namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Knows the small text that Git leaves in the place of a large file that it has not fetched.</summary>
internal static class GitLfs
{
    /// <summary>Refuses a pointer; leaves the file at its start.</summary>
    public static void Refuse(FileStream file, string name)
    {
        var expected = "version https://git-lfs.github.com/spec/"u8;
        Span<byte> start = stackalloc byte[expected.Length];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (start[..length].SequenceEqual(expected))
            throw new AuditException(
                $"'{name}' is a Git LFS pointer in the place of the file; fetch the file with \"git lfs pull\"."
            );
    }
}
