using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Audits;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Comparisons;

namespace DasAudit.Cli.Commands.Audits;

internal sealed class ReplayCommand(
    TorchRuntime torch,
    ReportStores stores,
    ProgressReporter reporter,
    TimeProvider time,
    ToolOutput output
)
    : ToolCommand(
        "replay",
        "Run a report's audit again and say whether it gives the same scores. Exits with 3 if not, or if an input is "
            + "another one than the report's."
    )
{
    private readonly Argument<string> _report = new("ID|BUNDLE") { Description = "A stored report's id, or a bundle." };
    private readonly ReplaySettings _settings = new();

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("replay 01J9", "From the folder that audit ran in: nothing has moved."),
            (
                "replay 01J9.dasaudit.zip --image cat.png --model ddpm/ --dataset pictures/",
                "From a bundle, with the inputs where they are here."
            ),
        ];

    public override string Notes =>
        """
            Missing inputs are named first, then those with another hash; only then is anything
            computed, and anew: no kept features, embeddings or hashes. Nothing is stored. The settings
            are the report's, and --seed does not matter. Another processor may change the last digits:
            --tolerance.
            Of a bundle, its parts are compared with its manifest; 'reports verify' checks signatures.
            """;

    protected override IReadOnlyList<Argument> Positionals => [_report];

    protected override IReadOnlyList<ISetting> Settings => _settings.All;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Get(_report);
        if (Read(invocation, name) is not { } report)
            return ExitCode.Mismatch;
        var places = _settings.Places(report, invocation);
        var missing = places.Missing(report, invocation.Resolve);
        if (missing.Count > 0)
            throw new AuditException(
                $"Nothing was computed, because inputs are missing: {string.Join("; ", missing)}."
            );
        var session = torch.Start(invocation.Device, invocation.Threads);
        var preprocess = ReplayRequestBuilder.Preprocessing(report);
        using var encoder = EncoderSelection.Open(
            report.Encoder is null ? null : places.Encoder,
            preprocess,
            invocation,
            session.Environment.Threads
        );
        var request = ReplayRequestBuilder.Build(report, places, _settings, invocation, session, encoder);
        var notHeld = ReportedOptions.NotHeld(report).ToList();
        foreach (var sentence in notHeld)
            output.Say(sentence);
        return await reporter
            .RunAsync(progress => Task.FromResult(Replay(report, request, invocation, notHeld, progress, cancellation)))
            .ConfigureAwait(false);
    }

    private int Replay(
        AuditReport report,
        AuditRequest request,
        Invocation invocation,
        IReadOnlyList<string> notHeld,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var inputs = ReportedInputs.Differences(report, request, time, progress, cancellation);
        if (inputs.Count > 0)
        {
            Print(invocation, ReplayView.OtherInputs(report, inputs), ReplayView.Document(report, inputs, notHeld));
            return ExitCode.Mismatch;
        }

        var audited = new AuditPipeline(time, progress).Run(request, cancellation).Reports.Single();
        var replayed = AuditRunner.WithOptionNames(audited, invocation).Report;
        var replay = ReplayComparison.Of(report, replayed, invocation.Get(_settings.Tolerance));
        Print(invocation, ReplayView.Of(replay), ReplayView.Document(replay, notHeld));
        return replay.Outcome == ReplayOutcome.Different ? ExitCode.Mismatch : ExitCode.Done;
    }

    private void Print(Invocation invocation, Spectre.Console.Rendering.IRenderable view, object document)
    {
        if (invocation.Json)
            output.WriteJson(document);
        else
            output.Write(view);
    }

    // Null for a bundle that is not what was made; that is said.
    private AuditReport? Read(Invocation invocation, string name)
    {
        if (!ReportArguments.IsFile(name))
        {
            using var store = stores.OpenToRead(invocation.Store);
            return store.Get(name).Report;
        }

        var bundle = new BundleVerifier([]).Verify(BundleVerifier.ReadFile(invocation.Resolve(name), name));
        if (bundle.Checks.FirstOrDefault(check => check.Passed == false) is not { } failed)
            return bundle.Contents!.Report;
        output.Fail($"'{name}' is not what was bundled, so it is not run again ({failed.What}).");
        return null;
    }
}
