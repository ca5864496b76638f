using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>
/// The store that an audit adds its reports to. A missing one is made with the first report, so that an audit that
/// fails leaves none behind; whether it can be made is tried at once, not after an hour.
/// </summary>
internal sealed class AuditStore : IDisposable
{
    private readonly ReportStores _stores;
    private readonly string _path;
    private IReportStore? _store;

    /// <summary>Opens the store, or tries whether it can be made.</summary>
    public AuditStore(ReportStores stores, string path)
    {
        _stores = stores;
        _path = path;
        if (Path.Exists(path))
            _store = stores.OpenToWrite(path);
        else
            TryFolder(path);
    }

    public void Add(StoredReport report)
    {
        _store ??= _stores.OpenToWrite(_path);
        _store.Add(report);
    }

    public void Dispose() => _store?.Dispose();

    private static void TryFolder(string path)
    {
        var trial = $"{path}.{Guid.NewGuid():n}.tmp";
        AtomicFile.Write(trial, []);
        File.Delete(trial);
    }
}
