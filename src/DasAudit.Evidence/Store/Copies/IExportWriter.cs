namespace DasAudit.Evidence.Store.Copies;

/// <summary>Takes the files of an export.</summary>
internal interface IExportWriter
{
    /// <summary>Adds a file.</summary>
    /// <param name="name">With slashes; no two are the same.</param>
    void Write(string name, byte[] bytes);
}
