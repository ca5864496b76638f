using System.IO.Compression;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>Reads an export that is a zip file. It is never unpacked, so names in it lead nowhere.</summary>
internal sealed class ZipReader(ZipArchive zip) : IExportReader
{
    public byte[]? Read(string name, int limit)
    {
        if (zip.GetEntry(name) is not { } entry)
            return null;
        try
        {
            return Read(entry, limit);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    public void Dispose() => zip.Dispose();

    private static byte[]? Read(ZipArchiveEntry entry, int limit)
    {
        // What an entry says of its length need not be so.
        using var stream = entry.Open();
        var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = stream.Read(buffer)) > 0; )
        {
            bytes.Write(buffer.AsSpan(0, read));
            if (bytes.Length > limit)
                return null;
        }

        return bytes.ToArray();
    }
}
