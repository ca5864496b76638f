using DasAudit.Core.Files;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>The sample that comes with the tool.</summary>
internal sealed class SampleFiles(Surroundings surroundings)
{
    private string Source => Path.Combine(surroundings.ToolDirectory, "sample");

    /// <summary>Copies the sample's missing files, changes no others; returns how many it copied.</summary>
    public int Unpack(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(Source))
            throw new AuditException("The sample is missing from the tool's folder; install das-audit again.");
        var written = 0;
        foreach (
            var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        )
        {
            cancellation.ThrowIfCancellationRequested();
            var target = Path.Combine(folder, Path.GetRelativePath(Source, file));
            if (File.Exists(target))
                continue;
            AtomicFile.Write(target, File.ReadAllBytes(file));
            written++;
        }
        return written;
    }
}
