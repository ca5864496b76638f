namespace DasAudit.Evidence.Store.Copies;

/// <summary>Writes an export as a folder.</summary>
internal sealed class FolderWriter(string folder) : IExportWriter
{
    public void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
