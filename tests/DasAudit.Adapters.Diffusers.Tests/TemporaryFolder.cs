namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("das-audit-").FullName;

    internal string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Copies a golden checkpoint here and returns this folder.</summary>
    internal string CopyOf(string golden)
    {
        var source = Golden.PathOf(golden);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Combine(System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return Path;
    }

    /// <summary>Writes a text file, making its folder.</summary>
    internal void Write(string text, params string[] parts)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Combine(parts))!);
        File.WriteAllText(Combine(parts), text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
