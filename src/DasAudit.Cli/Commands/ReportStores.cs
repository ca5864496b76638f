using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands;

internal sealed class ReportStores(TimeProvider time)
{
    public IReportStore OpenToRead(string path) => ReportStore.Open(path, StoreAccess.ReadOnly, time);

    /// <summary>Opens a store that reports are added to; it is made if it is missing.</summary>
    public IReportStore OpenToWrite(string path) => ReportStore.Open(path, StoreAccess.ReadWrite, time);
}
