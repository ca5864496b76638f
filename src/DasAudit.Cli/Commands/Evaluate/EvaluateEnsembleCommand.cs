using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Ensembles;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateEnsembleCommand(EvaluationServices services)
    : EvaluateCommand<EnsembleResult>(
        "ensemble",
        "Leave single pictures out exactly: models of random parts as one ensemble, and the members that never "
            + "saw one.",
        services
    )
{
    private readonly Setting<int?> _members = OptionalNumber(
        "--members",
        "M",
        "Members, for each training seed; the same models as the parts of evaluate lds",
        8,
        100_000,
        "32, or as the preset has it"
    );

    private readonly Setting<double> _part = Number("--part", "FRACTION", "Size of a part", 0.1, 0.9, 0.5);

    private readonly Setting<IReadOnlyList<double>> _pools = Parsed<IReadOnlyList<double>>(
        "--pools",
        "FRACTION,…",
        "Smaller datasets, parts of the whole: how the effect of a picture depends on how many there are. An "
            + "ensemble is trained for each. Default none.",
        ReadPools,
        []
    );

    private readonly Setting<GroupKey?> _groups = Parsed<GroupKey?>(
        "--by",
        string.Join('|', GroupKey.All.Select(key => key.Name)),
        "Leave groups out too, where members saw none of them. Default none.",
        GroupKey.Parse,
        null
    );

    private readonly Setting<int> _scoredMembers = Number(
        "--scored-members",
        "N",
        "Compute methods under so many members too and average the scores, since the ensemble is another model",
        0,
        100_000,
        0
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate ensemble made/ --model trained/ --dataset pictures/ --study study/",
                "Uses the models of evaluate lds again."
            ),
            (
                "evaluate ensemble made/ --model trained/ --dataset pictures/ --study study/ --pools 0.125,0.25,0.5",
                "How the effect of one picture shrinks as the dataset grows."
            ),
        ];

    public override string Notes =>
        "The ensemble predicts the mean of its members' predictions; without a picture it would predict the "
        + "mean of the members that never saw it. That is the truth for the ensemble, not for the audited model alone.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_members, _part, _pools, _groups, _scoredMembers];

    protected override EnsembleResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var ensemble = new EnsembleRequest
        {
            Common = request,
            Part = invocation.Get(_part),
            Pools = invocation.Get(_pools),
            Groups = invocation.Get(_groups),
            ScoredMembers = invocation.Get(_scoredMembers),
        };
        var members = invocation.Get(_members) ?? Evaluation.Preset(invocation)?.Subsets ?? ensemble.Members;
        return new EnsembleEvaluation(time, progress).Run(ensemble with { Members = members }, cancellation);
    }

    protected override void Show(EnsembleResult result, ToolOutput output) => EnsembleView.Write(result, output);

    private static IReadOnlyList<double> ReadPools(string text) =>
        [
            .. text.Split(',')
                .Select(part =>
                    double.TryParse(part, CultureInfo.InvariantCulture, out var pool) && pool is > 0 and < 1
                        ? pool
                        : throw new FormatException($"takes fractions between 0 and 1, such as 0.25,0.5, not '{text}'.")
                ),
        ];
}
