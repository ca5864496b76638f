namespace DasAudit.Evidence.Queries;

/// <summary>Reads the frames of an index in order, up to the first that is not as it was written.</summary>
internal sealed class IndexReader : IDisposable
{
    private const int BufferLength = 1 << 20;
    private readonly FileStream _file;
    private readonly byte[] _recordHash = new byte[IndexFrame.HashLength];
    private byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;

    private IndexReader(FileStream file) => _file = file;

    /// <summary>Number of frames read: the sequence number of the last.</summary>
    internal long Count { get; private set; }

    /// <summary>Where the last frame that was read ends.</summary>
    internal long Position { get; private set; } = IndexFile.Magic.Length;

    /// <summary>The hash of the record whose frame was read last.</summary>
    internal string RecordHash => Convert.ToHexStringLower(_recordHash);

    /// <summary>Opens an index; null where there is none.</summary>
    internal static IndexReader? Open(string path)
    {
        if (!File.Exists(path))
            return null;
        const FileShare share = FileShare.ReadWrite | FileShare.Delete;
        var reader = new IndexReader(new FileStream(path, FileMode.Open, FileAccess.Read, share, bufferSize: 0));
        if (reader.Fill(IndexFile.Magic.Length) && reader.Take(IndexFile.Magic.Length).SequenceEqual(IndexFile.Magic))
            return reader;
        reader.Dispose();
        return null;
    }

    /// <summary>The next frame, valid until the next call; empty at the end and before one that is no frame.</summary>
    internal ReadOnlySpan<byte> Next()
    {
        if (!Fill(IndexFrame.Shortest))
            return default;
        var length = IndexFrame.Length(_buffer.AsSpan(_start));
        if (length is < IndexFrame.Shortest or > IndexFrame.Longest || !Fill(length))
            return default;
        var frame = _buffer.AsSpan(_start, length);
        if (!IndexFrame.IsSound(frame) || IndexFrame.Sequence(frame) != Count + 1)
            return default;
        IndexFrame.RecordHash(frame).CopyTo(_recordHash);
        Count++;
        Position += length;
        return Take(length);
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Take(int length)
    {
        var bytes = _buffer.AsSpan(_start, length);
        _start += length;
        return bytes;
    }

    /// <summary>Makes sure that so many bytes are in the buffer; false where the file has fewer.</summary>
    private bool Fill(int length)
    {
        if (_end - _start >= length)
            return true;
        if (length > _file.Length)
            return false;
        var unread = _buffer.AsSpan(_start, _end - _start);
        if (length > _buffer.Length)
        {
            var larger = new byte[2 * length];
            unread.CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            unread.CopyTo(_buffer);
        }

        (_start, _end) = (0, unread.Length);
        _end += _file.ReadAtLeast(_buffer.AsSpan(_end), length - _end, throwOnEndOfStream: false);
        return _end >= length;
    }
}
