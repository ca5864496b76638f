using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands;

/// <summary>Opens evidence stores.</summary>
internal sealed class ReportStores(TimeProvider time)
{
    /// <summary>Opens a store whose reports are read.</summary>
    /// <param name="path">Absolute path.</param>
    /// <exception cref="Abstractions.AuditException">There is none, or it cannot be used.</exception>
    public IReportStore OpenToRead(string path) => ReportStore.Open(path, StoreAccess.ReadOnly, time);

    /// <summary>Opens a store that reports are added to; it is made if it is missing.</summary>
    /// <inheritdoc cref="OpenToRead"/>
    public IReportStore OpenToWrite(string path) => ReportStore.Open(path, StoreAccess.ReadWrite, time);
}
