using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>What every evaluation needs beside what it is told.</summary>
internal sealed record EvaluationServices(
    TorchRuntime Torch,
    AdapterSelection Adapters,
    AuditRequestBuilder Requests,
    PresetStudy Presets,
    ReportStores Stores,
    ProgressReporter Reporter,
    ToolOutput Output,
    TimeProvider Time
);
