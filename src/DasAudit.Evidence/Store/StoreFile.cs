using System.Buffers.Binary;
using System.Security.Cryptography;
using DasAudit.Core.Files;
using LiteDB;
using LiteDB.Engine;
using Microsoft.Win32.SafeHandles;

namespace DasAudit.Evidence.Store;

/// <summary>
/// The store's file as bytes: what has to be known before LiteDB may touch it. LiteDB overwrites a file shorter than a
/// page, crops one whose length is no multiple of a page, and believes whatever stands in a log file.
/// </summary>
internal sealed class StoreFile(string path, StoreErrors errors)
{
    private const int PageSize = PageHeader.PageSize;
    private const long Margin = 4 << 20;
    private const int LastPageOffset = 64;
    private const int InvalidStateOffset = 191;
    private const int ConfirmedFlag = 18;
    private static readonly byte[] HeaderInfo = [.. "** This is a LiteDB file **"u8, 8];

    internal string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Absolute path of LiteDB's log; there is one only after a crash or while a writer works.</summary>
    internal string LogPath { get; } = FileNameWithSuffix(System.IO.Path.GetFullPath(path), "-log");

    /// <summary>Whether there is a file to open. A folder in its place, or a log without it, is an error.</summary>
    internal bool Exists()
    {
        if (File.Exists(Path))
            return true;
        if (Directory.Exists(Path))
            throw errors.Folder();
        if (LogLength() > 0)
            throw errors.LogWithoutStore(LogPath);
        return false;
    }

    /// <summary>Whether the file, its lock or its folder is marked read-only; that counts even for root.</summary>
    internal bool IsReadOnly() =>
        IsReadOnly(Path)
        || IsReadOnly(Path + ".lock")
        || IsReadOnly(Path + HeadFile.Suffix)
        || IsReadOnly(System.IO.Path.GetDirectoryName(Path)!);

    /// <summary>Whether the disk has room for more bytes, once in the log and once in the data file.</summary>
    internal bool HasRoom(long bytes) =>
        new DriveInfo(System.IO.Path.GetDirectoryName(Path)!).AvailableFreeSpace >= 2 * bytes + Margin;

    /// <summary>
    /// Refuses a file that is no LiteDB file, was cut short, or has a log that is none. How long this takes does not
    /// depend on the number of reports.
    /// </summary>
    internal void Check(StoreAccess access)
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (stream.Length == 0)
            throw errors.Empty();

        var header = new byte[PageSize];
        if (
            stream.ReadAtLeast(header, PageSize, throwOnEndOfStream: false) < HeaderInfo.Length + 32
            || !header.AsSpan(32, HeaderInfo.Length).SequenceEqual(HeaderInfo)
        )
        {
            throw errors.Foreign();
        }

        var pages = stream.Length / PageSize;
        if (LogLength() >= PageSize)
        {
            // A crash while the log was copied may have left part of a page, which a writer makes whole from the log.
            if (access == StoreAccess.ReadOnly && stream.Length % PageSize != 0)
                throw errors.Damaged("its last page is incomplete");
            CheckLog(pages);
        }
        else
        {
            var last = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(LastPageOffset));
            if (stream.Length % PageSize != 0 || pages <= last)
                throw errors.Damaged("its end is missing");
            // LiteDB would write new pages over those that it does not know of.
            if (pages > last + 1L)
                throw errors.Damaged("its first page does not know of its last ones");
        }
    }

    /// <summary>Opens the file for LiteDB.</summary>
    internal PageStream Open(StoreAccess access) =>
        new(
            access == StoreAccess.ReadOnly
                ? new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
                : new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite),
            isChecked: LogLength() < PageSize
        );

    /// <summary>Removes LiteDB's log, which must hold nothing that was committed.</summary>
    internal void DeleteLog() => File.Delete(LogPath);

    /// <summary>Looks at every page, as <see cref="Check"/> does not; at none while a log is to be applied.</summary>
    internal void CheckPages()
    {
        if (LogLength() >= PageSize)
            return;
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        CheckPages(stream.SafeFileHandle, stream.Length / PageSize);
    }

    /// <summary>The whole pages of the log, so that LiteDB need not open the file; empty without a log.</summary>
    internal MemoryStream ReadLog()
    {
        var copy = new MemoryStream();
        if (LogLength() >= PageSize)
        {
            using var stream = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.CopyTo(copy);
            copy.SetLength(copy.Length - copy.Length % PageSize);
        }

        return copy;
    }

    // Whole or not at all: a crash while LiteDB creates a file can leave one that never opens again.
    internal void Create(Action<LiteDatabase> fill)
    {
        using var memory = new MemoryStream();
        using (
            var database = new LiteDatabase(
                new LiteEngine(new EngineSettings { DataStream = memory, Collation = Collation.Binary }),
                new BsonMapper()
            )
        )
        {
            fill(database);
            database.Checkpoint();
        }

        DurableFile.Write(Path, memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    /// <summary>Keeps a copy of the file beside it; one that is there already must be the same.</summary>
    internal void KeepCopy(string copy)
    {
        if (File.Exists(copy))
        {
            if (!HaveSameBytes(Path, copy))
                throw errors.CopyInTheWay(copy);
            return;
        }

        var beside = DurableFile.Beside(copy);
        File.Copy(Path, beside, overwrite: true);
        using (var stream = new FileStream(beside, FileMode.Open, FileAccess.Write, FileShare.None))
            stream.Flush(flushToDisk: true);
        File.Move(beside, copy);
        DurableFile.FlushFolder(copy);
    }

    /// <summary>The byte in which LiteDB notes that it met something it could not read.</summary>
    internal byte ReadInvalidState()
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = InvalidStateOffset;
        return (byte)stream.ReadByte();
    }

    /// <summary>Takes LiteDB's note back, so that a failed write leaves the file as it was.</summary>
    internal void RestoreInvalidState(byte value)
    {
        if (ReadInvalidState() == value)
            return;
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = InvalidStateOffset;
        stream.WriteByte(value);
        stream.Flush(flushToDisk: true);
    }

    private void CheckPages(SafeFileHandle file, long pages)
    {
        var header = new byte[PageHeader.Length];
        for (var id = 0L; id < pages; id++)
        {
            if (
                RandomAccess.Read(file, header, id * PageSize) != header.Length
                || !PageHeader.IsSound(header, id, pages)
            )
            {
                throw errors.Damaged($"page {id} of it is none");
            }
        }
    }

    private void CheckLog(long pages)
    {
        using var stream = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var page = new byte[PageSize];
        var limit = pages + stream.Length / PageSize;
        while (stream.ReadAtLeast(page, PageSize, throwOnEndOfStream: false) == PageSize)
        {
            // LiteDB passes over a page of zeros, which a crash can leave.
            if (!page.AsSpan().ContainsAnyExcept((byte)0))
                continue;
            var id = BinaryPrimitives.ReadUInt32LittleEndian(page);
            if (id >= limit || page[ConfirmedFlag] > 1 || !PageHeader.IsSound(page, id, limit))
                throw errors.Damaged($"its log '{LogPath}' holds something other than pages");
        }
    }

    private static bool HaveSameBytes(string first, string second)
    {
        using var one = File.OpenRead(first);
        using var two = File.OpenRead(second);
        return one.Length == two.Length && SHA256.HashData(one).AsSpan().SequenceEqual(SHA256.HashData(two));
    }

    private static bool IsReadOnly(string path) =>
        (File.Exists(path) || Directory.Exists(path)) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly);

    private long LogLength() => File.Exists(LogPath) ? new FileInfo(LogPath).Length : 0;

    private static string FileNameWithSuffix(string path, string suffix) =>
        System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(path)!,
            System.IO.Path.GetFileNameWithoutExtension(path) + suffix + System.IO.Path.GetExtension(path)
        );
}
