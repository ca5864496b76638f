using DasAudit.Cli.Output;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Commands;

internal sealed class ReportStores(TimeProvider time, ToolOutput output)
{
    public ReportStore OpenToRead(string path) => ReportStore.Open(path, StoreAccess.ReadOnly, time, Say);

    /// <summary>Opens a store that reports are added to; it is made if it is missing.</summary>
    public IReportStore OpenToWrite(string path) => ReportStore.Open(path, StoreAccess.ReadWrite, time, Say);

    /// <summary>For work on the store itself; nothing is opened or looked at yet.</summary>
    public StoreConnection Connect(string path) => new(path, time, Say);

    /// <summary>The place of a report in the store's chain, as bundles have it; null if there is no chain.</summary>
    public BundledRecord? BundledRecord(string path, IReportStore store, string id)
    {
        if (store.Record(RecordKind.Report, id) is not { } record)
            return null;
        var connection = Connect(path);
        return new(connection.Read(connection.Tail)!.Head.Store, record);
    }

    private void Say(string sentence) => output.Say($"das-audit: {sentence}");
}
