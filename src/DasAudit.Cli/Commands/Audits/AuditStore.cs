using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>
/// The store that an audit adds its reports to, and an evaluation itself. A missing one is made with the first, so that
/// what fails leaves none behind; whether it can be made is tried at once, not after an hour.
/// </summary>
internal sealed class AuditStore : IDisposable
{
    private readonly ReportStores _stores;
    private readonly string _path;
    private IReportStore? _store;

    /// <summary>Opens the store, or tries whether it can be made.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="shown">What messages call it.</param>
    /// <exception cref="AuditException">It cannot be opened or made.</exception>
    public AuditStore(ReportStores stores, string path, string shown)
    {
        _stores = stores;
        _path = path;
        if (Path.Exists(path))
            _store = stores.OpenToWrite(path);
        else
            TryFolder(path, shown);
    }

    /// <summary>All that are there, newest first.</summary>
    public IReadOnlyList<StoredEvaluation> Evaluations => _store?.Evaluations() ?? [];

    /// <summary>Reports on the picture whose file has this SHA-256.</summary>
    public IReadOnlyList<AuditReport> ReportsOn(string sha256) => _store?.Query(new() { Image = sha256 }) ?? [];

    public void Add(StoredReport report) => OpenToWrite().Add(report);

    public void AddEvaluation(StoredEvaluation evaluation) => OpenToWrite().AddEvaluation(evaluation);

    public void Dispose() => _store?.Dispose();

    private IReportStore OpenToWrite() => _store ??= _stores.OpenToWrite(_path);

    private static void TryFolder(string path, string shown)
    {
        var trial = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            AtomicFile.Write(trial, []);
            File.Delete(trial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The evidence store '{shown}' cannot be made ({e.Message.TrimEnd('.')}); "
                    + "give --store FILE in a folder that can be written to.",
                e
            );
        }
    }
}
