using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Factors;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateFactorsCommand(EvaluationServices services)
    : EvaluateCommand<FactorsResult>(
        "factors",
        "Measure how often the first training pictures share what is known of a held-out picture.",
        services,
        new(trains: false, takesLosses: false, takesGenerated: false)
    )
{
    private static readonly string Keys = string.Join('|', GroupKey.All.Select(key => key.Name));

    private readonly Setting<IReadOnlyList<GroupKey>> _by = CommaList(
        "--by",
        Keys,
        "What the metadata of both state; of several, each and all together are looked at. Needed without --preset "
            + "shapes, where it is folder (the shape) and class (the colour)",
        GroupKey.Parse
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate factors --preset shapes --study study/ --methods das,pva,pixel-ridge,random",
                "Shapes in four colours: which of the two does each method look at?"
            ),
            (
                "evaluate factors --model trained/ --dataset pictures/ --held-out split:test --study study/ --by class",
                "How many of the first ten training pictures are of the held-out picture's class."
            ),
        ];

    public override string Notes =>
        "Queries are held-out pictures, of which the metadata state what they show. This is likeness in what is "
        + "stated, not influence, which retraining alone shows (evaluate lds). No model is trained but that of "
        + "a preset.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_by];

    protected override void Check(Invocation invocation)
    {
        if (By(invocation).Count == 0)
            throw new UsageException($"Give by what pictures are alike: --by {Keys}.");
    }

    protected override FactorsResult Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    ) => new FactorsEvaluation(time, progress).Run(new() { Common = request, By = By(invocation) }, cancellation);

    protected override void Show(FactorsResult result, ToolOutput output) => FactorsView.Write(result, output);

    private IReadOnlyList<GroupKey> By(Invocation invocation) =>
        invocation.Get(_by) is { Count: > 0 } given ? given : Evaluation.Preset(invocation)?.Pictures.Factors ?? [];
}
