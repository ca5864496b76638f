using DasAudit.Core.Files;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>The sample that comes with the tool.</summary>
internal sealed class SampleFiles(Surroundings surroundings)
{
    private string Source => Path.Combine(surroundings.ToolDirectory, "sample");

    /// <summary>Copies every file of the sample that is not there yet; what a person changed stays.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <returns>How many files were written.</returns>
    /// <exception cref="AuditException">The tool was installed without its sample.</exception>
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
