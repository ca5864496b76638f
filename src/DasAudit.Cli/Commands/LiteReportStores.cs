using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands;

/// <summary>Stores in LiteDB files.</summary>
internal sealed class LiteReportStores(TimeProvider time) : IReportStores
{
    /// <inheritdoc/>
    public IReportStore Open(string path, bool forWriting) =>
        ReportStore.Open(path, forWriting ? StoreAccess.ReadWrite : StoreAccess.ReadOnly, time);
}
