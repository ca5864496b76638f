namespace DasAudit.Evidence.Store;

/// <summary>
/// The store's file as LiteDB reads and writes it. Each page's header is looked at when the page is read, because
/// LiteDB believes it; looking at all pages at each opening would take longer the larger the store.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="isChecked">False where a log is still to be applied, since pages may then be half-written.</param>
internal sealed class PageStream(FileStream file, bool isChecked) : Stream
{
    /// <summary>
    /// Whether nothing is written any more. LiteDB writes even when it takes a transaction back: it keeps the pages
    /// that it had meant to use.
    /// </summary>
    internal bool IsFrozen { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => file.CanWrite;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    /// <summary>Writes through to the disk, which LiteDB asks of streams that are files only.</summary>
    public override void Flush() => file.Flush(flushToDisk: true);

    /// <exception cref="InvalidDataException">The page is none.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var id = Position / PageHeader.PageSize;
        var isPage = Position % PageHeader.PageSize == 0;
        var read = file.ReadAtLeast(buffer.AsSpan(offset, count), count, throwOnEndOfStream: false);
        if (isChecked && isPage && read >= PageHeader.Length)
        {
            var header = buffer.AsSpan(offset, PageHeader.Length);
            if (!PageHeader.IsSound(header, id, Length / PageHeader.PageSize))
                throw new InvalidDataException($"page {id} of it is none");
        }

        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    /// <exception cref="InvalidOperationException">The stream is frozen.</exception>
    public override void SetLength(long value) => Writable().SetLength(value);

    /// <exception cref="NotSupportedException">The file is open for reading only.</exception>
    /// <exception cref="InvalidOperationException">The stream is frozen.</exception>
    public override void Write(byte[] buffer, int offset, int count) => Writable().Write(buffer, offset, count);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private FileStream Writable() =>
        IsFrozen ? throw new InvalidOperationException("The work on the file was given up.") : file;
}
