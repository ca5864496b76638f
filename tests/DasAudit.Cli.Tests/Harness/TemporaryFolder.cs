namespace DasAudit.Cli.Tests.Harness;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("das-audit-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
