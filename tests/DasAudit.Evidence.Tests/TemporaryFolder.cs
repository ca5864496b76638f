namespace DasAudit.Evidence.Tests;

/// <summary>An empty folder that goes away with what is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("das-audit-test-").FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        File.SetAttributes(Path, File.GetAttributes(Path) & ~FileAttributes.ReadOnly);
        Directory.Delete(Path, recursive: true);
    }
}
