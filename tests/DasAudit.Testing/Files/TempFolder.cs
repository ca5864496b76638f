namespace DasAudit.Testing;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("das-audit-test-").FullName;

    /// <summary>The absolute path of something here; nothing is made.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>The absolute path of something here; the folder that holds it is made.</summary>
    public string At(string relative)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    public string Write(string relative, byte[] bytes)
    {
        File.WriteAllBytes(At(relative), bytes);
        return At(relative);
    }

    public string Write(string relative, string text)
    {
        File.WriteAllText(At(relative), text);
        return At(relative);
    }

    /// <summary>Copies another folder's files to here and returns this folder.</summary>
    public string CopyOf(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.Copy(file, At(System.IO.Path.GetRelativePath(folder, file)));
        return Path;
    }

    public void Dispose()
    {
        // A test may have made it read-only.
        File.SetAttributes(Path, File.GetAttributes(Path) & ~FileAttributes.ReadOnly);
        Directory.Delete(Path, recursive: true);
    }
}
