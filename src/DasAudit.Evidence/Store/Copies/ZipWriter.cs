using System.IO.Compression;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>Writes an export as a zip file, whose bytes depend on the files alone.</summary>
internal sealed class ZipWriter(ZipArchive zip) : IExportWriter
{
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Write(string name, byte[] bytes)
    {
        var isPicture = name.EndsWith(".png", StringComparison.Ordinal);
        var entry = zip.CreateEntry(name, isPicture ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
        entry.LastWriteTime = Earliest;
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
