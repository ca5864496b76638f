using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Conformance;
using DasAudit.Evidence.Exports;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Adapters;

/// <summary><c>adapters check MODEL</c>.</summary>
internal sealed class AdaptersCheckCommand : ToolCommand
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "A checkpoint that the adapter recognises.",
    };
    private readonly Setting<string?> _golden = Setting.Text(
        "--golden",
        "FILE",
        "A safetensors file with inputs and what another implementation made of them, to compare with"
    );
    private readonly AdapterSelection _adapters;
    private readonly TorchRuntime _torch;
    private readonly ProgressReporter _progress;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public AdaptersCheckCommand(
        AdapterSelection adapters,
        TorchRuntime torch,
        ProgressReporter progress,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base(
            "check",
            "Check whether an adapter keeps the promises that attribution relies on, and computes what it should. Exits with 3 if it does not."
        )
    {
        (_adapters, _torch, _progress, _common, _surroundings, _output) = (
            adapters,
            torch,
            progress,
            common,
            surroundings,
            output
        );
        Arguments.Add(_model);
        Options.Add(_golden);
        Options.Add(adapters.Adapter);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var model = invocation.Get(_model);
        var adapter = _adapters.Find(invocation, model);
        var golden = invocation.Get(_golden) is { } file ? _surroundings.Resolve(file) : null;
        var session = _torch.Start(invocation.Get(_common.Device), invocation.Get(_common.Threads));
        var check = new AdapterCheck(adapter, _surroundings.Resolve(model), session.Device);
        var document = await _progress
            .RunAsync(progress =>
            {
                var made = 0;
                return check.Run(
                    golden,
                    result => progress.Report(new($"checking {adapter.Name}", ++made, 0, result.Name)),
                    cancellation
                );
            })
            .ConfigureAwait(false);
        if (invocation.Get(_common.Json))
            _output.WriteJson(document);
        else
            _output.Write(Table(document));
        return document.Passed ? ExitCode.Done : ExitCode.Mismatch;
    }

    private static Grid Table(AdapterCheckDocument document)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var check in document.Checks)
            grid.AddRow(
                check.Passed ? new Text("ok", Color.Green) : new Text("FAIL", Color.Red),
                new Text(check.Name),
                new Text(VisibleText.Of(check.Detail))
            );
        var failed = document.Checks.Count(check => !check.Passed);
        return grid.AddEmptyRow()
            .AddRow(
                new Text(""),
                new Text(document.Adapter),
                new Text(
                    failed == 0
                        ? $"keeps all {document.Checks.Count} promises that were checked"
                        : $"breaks {failed} of {document.Checks.Count} promises that were checked"
                )
            );
    }
}
