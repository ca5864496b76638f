using BitMiracle.LibTiff.Classic;

namespace DasAudit.Core.Pictures;

/// <summary>The bytes of a TIFF file as LibTiff reads them; its client data are free for other things.</summary>
internal sealed class TiffMemory(MemoryStream stream) : TiffStream
{
    public override int Read(object clientData, byte[] buffer, int offset, int count) =>
        stream.Read(buffer, offset, count);

    public override long Seek(object clientData, long offset, SeekOrigin origin) => stream.Seek(offset, origin);

    public override long Size(object clientData) => stream.Length;

    public override void Write(object clientData, byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Close(object clientData) { }
}
