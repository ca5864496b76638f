namespace DasAudit.Core.Datasets.Metadata;

/// <summary>Knows the small text that Git leaves in the place of a large file that it has not fetched.</summary>
internal static class GitLfs
{
    /// <summary>Refuses a pointer; leaves the file at its start.</summary>
    public static void Refuse(FileStream file, string name)
    {
        Span<byte> start = stackalloc byte[GitLfsPointer.Start.Length];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (GitLfsPointer.IsAt(start[..length]))
            throw GitLfsPointer.Refuse(name);
    }
}
