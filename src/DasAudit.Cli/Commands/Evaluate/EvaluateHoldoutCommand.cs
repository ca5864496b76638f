using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Holdout;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateHoldoutCommand(EvaluationServices services)
    : EvaluateCommand<HoldoutResult>(
        "holdout",
        "Measure how well the shares of reports say what leaving a whole group out changes.",
        services
    )
{
    private readonly Setting<GroupKey> _by = Parsed(
        "--by",
        string.Join('|', GroupKey.All.Select(key => key.Name)),
        "What makes pictures a group; default rights-holder.",
        GroupKey.Parse,
        GroupKey.RightsHolder
    );

    private readonly Setting<int?> _splitInto = OptionalNumber(
        "--split-into",
        "N",
        "Split each group in turn into so many shell companies: do their shares add up to more than its own?",
        2,
        100,
        "no splitting"
    );

    private readonly Setting<int?> _copier = OptionalNumber(
        "--copier",
        "N",
        "Add near-duplicates of N pictures of the largest group, claimed by a copier, and train on them as well: what "
            + "do both have then?",
        1,
        int.MaxValue,
        "no copier"
    );

    private readonly Setting<bool> _pictures = Flag(
        "--pictures",
        "Generate the pictures again by each model too, from their seeds: how far does the picture itself change?"
    );

    private readonly Setting<bool> _otherShares = Flag(
        "--other-shares",
        "Measure other ways to make shares of scores too, beside that of reports"
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate holdout made/ --model trained/ --dataset pictures/ --study study/ --training-seeds 2",
                "A model without each rights holder and one of all pictures, each from two seeds."
            ),
            (
                "evaluate holdout made/ --model trained/ --dataset pictures/ --study study/ --by folder --split-into 5",
                "By folder; and what happens to shares when one holder calls himself five."
            ),
        ];

    public override string Notes =>
        "A model is trained again as its training.json says, with the same initial weights and the same noise for "
        + "each picture, without each group. Killed at any moment, the same command goes on from there. Intervals are "
        + "the middle 95 % of bootstrap draws over pictures and training seeds.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_by, _splitInto, _copier, _pictures, _otherShares];

    protected override HoldoutResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    ) =>
        new HoldoutEvaluation(time, progress).Run(
            new()
            {
                Common = request,
                By = invocation.Get(_by),
                SplitInto = invocation.Get(_splitInto),
                Copies = invocation.Get(_copier),
                WithPictures = invocation.Get(_pictures),
                WithOtherShares = invocation.Get(_otherShares),
            },
            cancellation
        );

    protected override void Show(HoldoutResult result, ToolOutput output) => HoldoutView.Write(result, output);
}
