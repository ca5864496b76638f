using DasAudit.Core.Files;

namespace DasAudit.Evidence.Queries;

/// <summary>
/// <c>FILE.index</c> beside a store: of each record of the chain what a list shows and a filter asks for, so that a
/// query need not read the reports. It is derived from the records and proves nothing: what is missing or wrong in it
/// is noticed by the hash of the record that its last frame names, and made anew.
/// </summary>
internal sealed class IndexFile(string storePath)
{
    /// <summary>What the file is called, after the store.</summary>
    internal const string Suffix = ".index";

    internal static ReadOnlySpan<byte> Magic => "das-audit/report-index/1\n"u8;

    internal string Path { get; } = System.IO.Path.GetFullPath(storePath) + Suffix;

    /// <summary>Reads it from the beginning; null where there is none.</summary>
    internal IndexReader? Open() => IndexReader.Open(Path);

    /// <summary>
    /// Adds a frame, if the last one is that of the record before it. How long it takes does not depend on how many
    /// there are. Nothing waits for the disk: what a crash leaves out is noticed.
    /// </summary>
    /// <param name="before">The head of the chain without the record.</param>
    /// <returns>Whether it was added.</returns>
    internal bool TryAppend(ChainHead before, ReadOnlySpan<byte> frame)
    {
        if (before.Count == 0)
        {
            using var created = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.None);
            created.Write(Magic);
            created.Write(frame);
            return true;
        }

        if (!File.Exists(Path))
            return false;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (!EndsWith(file, before))
            return false;
        file.Seek(0, SeekOrigin.End);
        file.Write(frame);
        return true;
    }

    /// <summary>Whether it covers the chain up to this head; its last frame alone is read.</summary>
    internal bool EndsWith(ChainHead head)
    {
        if (!File.Exists(Path))
            return false;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        return EndsWith(file, head);
    }

    /// <summary>Begins it anew, beside the one that is there.</summary>
    internal IndexBuilder Build() => new(DurableFile.Beside(Path), Path);

    /// <summary>Adds frames after those that a reader has read, in place of whatever follows them.</summary>
    internal IndexBuilder Continue(long position) => new(Path, position);

    private static bool EndsWith(FileStream file, ChainHead head)
    {
        if (head.Count == 0)
            return file.Length == Magic.Length;
        Span<byte> end = stackalloc byte[4];
        if (file.Length < Magic.Length + IndexFrame.Shortest)
            return false;
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        var length = IndexFrame.Length(end);
        if (length is < IndexFrame.Shortest or > IndexFrame.Longest || length > file.Length - Magic.Length)
            return false;
        var frame = new byte[length];
        file.Seek(-length, SeekOrigin.End);
        file.ReadExactly(frame);
        return IndexFrame.IsSound(frame)
            && IndexFrame.Sequence(frame) == head.Count
            && Convert.ToHexStringLower(IndexFrame.RecordHash(frame)) == head.Hash;
    }
}
