namespace DasAudit.Clip.Tests;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("das-audit-test-").FullName;

    public string At(string relative)
    {
        var path = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    public string Write(string relative, string text)
    {
        File.WriteAllText(At(relative), text);
        return At(relative);
    }

    public string Write(string relative, byte[] bytes)
    {
        File.WriteAllBytes(At(relative), bytes);
        return At(relative);
    }

    /// <summary>Puts one of the test models here.</summary>
    public string Model(string model, string relative)
    {
        File.Copy(Models.PathOf(model), At(relative));
        return At(relative);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
