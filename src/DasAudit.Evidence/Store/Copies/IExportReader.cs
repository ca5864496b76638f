namespace DasAudit.Evidence.Store.Copies;

/// <summary>Gives the files of an export; only those that are asked for by name are looked at.</summary>
internal interface IExportReader : IDisposable
{
    /// <summary>The bytes of a file; null if it is missing, cannot be read or has more bytes than the limit.</summary>
    byte[]? Read(string name, int limit);
}
