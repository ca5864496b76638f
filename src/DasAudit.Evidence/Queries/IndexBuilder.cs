namespace DasAudit.Evidence.Queries;

/// <summary>Writes many frames of an index.</summary>
internal sealed class IndexBuilder : IDisposable
{
    private readonly FileStream _file;
    private readonly string? _place;

    /// <summary>Begins an index.</summary>
    /// <param name="path">Where it is until it is whole.</param>
    /// <param name="place">Where it goes then.</param>
    internal IndexBuilder(string path, string place)
    {
        _place = place;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        _file.Write(IndexFile.Magic);
    }

    /// <summary>Goes on with an index, from a place where a frame ends; what follows is cut.</summary>
    internal IndexBuilder(string path, long position)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        _file.SetLength(position);
        _file.Seek(0, SeekOrigin.End);
    }

    internal void Add(byte[] frame) => _file.Write(frame);

    /// <summary>Puts it in its place.</summary>
    internal void Complete()
    {
        _file.Dispose();
        if (_place is not null)
            File.Move(_file.Name, _place, overwrite: true);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_place is not null)
            File.Delete(_file.Name);
    }
}
