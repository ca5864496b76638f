using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Sanity;
using DasAudit.Core.Files;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateSanityCommand(EvaluationServices services)
    : EvaluateCommand<SanityResult>(
        "sanity",
        "Check what no method should fail: that weights, pictures and planted copies matter and noise does not.",
        services,
        new(takesLosses: false, encoder: EncoderUse.None)
    )
{
    private readonly Setting<int> _subsets = Number(
        "--subsets",
        "M",
        "Models of random halves to train, at least 8, which tell whether p-values of pictures that a model never saw "
            + "are uniform; 0 for none",
        0,
        100_000,
        0
    );

    private readonly Setting<bool> _mustPass = Flag("--must-pass", "Exit with 3 if a method fails a check");

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate sanity made/ --model trained/ --dataset pictures/ --study study/ --methods das,pva,das-v",
                "All checks that need no other model; --held-out DIR adds pictures to plant."
            ),
            (
                "evaluate sanity made/ --model trained/ --dataset pictures/ --study study/ --subsets 32",
                "With p-values under 32 models of random halves, those of evaluate lds where they are there."
            ),
        ];

    public override string Notes =>
        "A method that fails a check is named with a sentence, and the exit code is 0 all the same: failing is a "
        + "result. With --must-pass it is 3, as that of adapters check and dataset check. Planted pictures are kept in "
        + "the study's folder; no model is trained on them.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_subsets, _mustPass];

    protected override void Check(Invocation invocation)
    {
        var subsets = invocation.Get(_subsets);
        if (subsets is > 0 and < SanityRequest.FewestSubsets)
            throw new UsageException($"--subsets takes 0 or at least {SanityRequest.FewestSubsets}, not {subsets}.");
        if (subsets == 0 && Evaluation.Sharing(invocation) is { } sharing)
            throw new UsageException($"Without --subsets no model is trained that {sharing} could share.");
    }

    protected override SanityResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    ) =>
        new SanityEvaluation(time, progress).Run(
            new() { Common = request, Subsets = invocation.Get(_subsets) },
            cancellation
        );

    protected override int ExitCodeOf(SanityResult result, Invocation invocation) =>
        result.Passed || !invocation.Get(_mustPass) ? ExitCode.Done : ExitCode.Mismatch;

    protected override void Show(SanityResult result, ToolOutput output) => SanityView.Write(result, output);
}
