using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Tests.Pictures.Generation;

/// <summary>A folder of picture files whose texts are read.</summary>
internal sealed class GenerationFiles : IDisposable
{
    public TempFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    public GenerationReading Read(string name, byte[] file) => GenerationReader.Read(Folder.Write(name, file), name);

    /// <summary>What a file says, without any note.</summary>
    public GenerationFacts Facts(byte[] file, string name = "a.png")
    {
        var reading = Read(name, file);
        Assert.Empty(reading.Notes);
        Assert.NotNull(reading.Facts);
        return reading.Facts;
    }
}
