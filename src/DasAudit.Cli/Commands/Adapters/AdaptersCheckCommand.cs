using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Conformance;
using DasAudit.Core.Files;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Adapters;

internal sealed class AdaptersCheckCommand(
    AdapterSelection adapters,
    TorchRuntime torch,
    ProgressReporter reporter,
    ToolOutput output
)
    : ToolCommand(
        "check",
        "Check whether an adapter keeps the promises that attribution relies on, and computes what it should. "
            + "Exits with 3 if it does not."
    )
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "A checkpoint that the adapter recognises.",
    };
    private readonly Setting<IReadOnlyList<string>> _golden = Setting.Texts(
        "--golden",
        "FILE",
        "A safetensors file with inputs, or with what another implementation made of them, to compare with"
    );

    protected override IReadOnlyList<Argument> Positionals => [_model];

    protected override IReadOnlyList<ISetting> Settings => [_golden, .. adapters.All];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var model = invocation.Get(_model);
        IReadOnlyList<string> golden = [.. invocation.Get(_golden).Select(invocation.Resolve)];
        var source = adapters.Model(invocation, model);
        var session = torch.Start(invocation.Device, invocation.Threads);
        var check = new AdapterCheck(source, session.Device);
        var document = await reporter
            .RunAsync(progress => Check(check, source.Adapter.Name, golden, progress, cancellation))
            .ConfigureAwait(false);
        document = document with { Checks = [.. document.Checks.Select(result => Written(result, invocation))] };
        if (invocation.Json)
            output.WriteJson(document);
        else
            output.Write(Table(document));
        return document.Passed ? ExitCode.Done : ExitCode.Mismatch;
    }

    private static AdapterCheckDocument Check(
        AdapterCheck check,
        string adapter,
        IReadOnlyList<string> golden,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var done = 0;
        void Report(AdapterCheckResult result)
        {
            done++;
            progress.Report(new($"checking {adapter}", done, 0, result.Name));
        }
        return check.Run(golden, Report, cancellation);
    }

    private static AdapterCheckResult Written(AdapterCheckResult result, Invocation invocation) =>
        result with
        {
            Detail = invocation.WithOptionNames(result.Detail),
        };

    private static Grid Table(AdapterCheckDocument document)
    {
        var grid = Tables.Checks();
        foreach (var check in document.Checks)
            grid.AddRow(Tables.Mark(check.Passed), new Text(check.Name), Tables.Foreign(check.Detail));
        var count = document.Checks.Count(check => check.Name != AdapterCheckDocument.NotCompared);
        var failed = document.Checks.Count(check => !check.Passed);
        var summary =
            failed == 0
                ? $"keeps all {count} promises that were checked"
                : $"breaks {failed} of {count} promises that were checked";
        return grid.AddEmptyRow().AddRow(Text.Empty, new Text(document.Adapter), new Text(summary));
    }
}
