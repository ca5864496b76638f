namespace DasAudit.Evidence.Store.Copies;

/// <summary>Reads an export that is a folder.</summary>
internal sealed class FolderReader(string folder) : IExportReader
{
    public byte[]? Read(string name, int limit)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) && new FileInfo(path).Length <= limit ? File.ReadAllBytes(path) : null;
    }

    public void Dispose() { }
}
