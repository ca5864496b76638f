using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Datasets;
using DasAudit.Cli.Native;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>Begins inquiries about what a policy allows.</summary>
internal sealed class PolicyInquiries(
    ReportStores stores,
    AdapterSelection adapters,
    TorchRuntime torch,
    DatasetReader datasets,
    TimeProvider time
)
{
    /// <summary>One policy that is asked.</summary>
    public PolicyInquiry Begin(Invocation invocation, PolicyFile file) =>
        new(invocation, file, stores, new CurrentModels(adapters, torch, invocation), datasets, time);
}
