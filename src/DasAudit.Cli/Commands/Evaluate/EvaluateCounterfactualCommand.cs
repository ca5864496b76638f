using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Counterfactual;
using DasAudit.Core.Files;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateCounterfactualCommand(EvaluationServices services)
    : EvaluateCommand<CounterfactualResult>(
        "counterfactual",
        "Leave out what methods put first, train and generate again: how far do the pictures change?",
        services,
        new(encoder: EncoderUse.Pictures)
    )
{
    private readonly Setting<double> _remove = Number(
        "--remove",
        "FRACTION",
        "Part of the training pictures to leave out: a method's highest scores",
        0.001,
        0.9,
        0.1
    );

    private readonly Setting<int> _queries = Number(
        "--queries",
        "N",
        "At most so many pictures, the first given: each costs a model for each method",
        2,
        10_000,
        30
    );

    private readonly Setting<int> _random = Number(
        "--random-removals",
        "N",
        "Models without as many random pictures, for comparison",
        1,
        1000,
        5
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate counterfactual made/ --model trained/ --dataset pictures/ --study study/ --methods das,pva",
                "For each of 30 pictures a model without the tenth that das, and one without that pva puts first."
            ),
            (
                "evaluate counterfactual made/ --model trained/ --dataset pictures/ --study study/ --encoder clip/",
                "Compares the pictures by an image encoder too."
            ),
            (
                "evaluate counterfactual made/ --model trained/ --dataset pictures/ --study study/ --slurm job.sh",
                "A job array for Slurm that trains the models: sbatch job.sh; then once without --slurm."
            ),
        ];

    public override string Notes =>
        "A model is trained from the same seed on all but these pictures, and the picture generated again from the "
        + "same noise. Beside it stand random removals, another training seed with all pictures, and the others, "
        + "which should not change. Tests are Wilcoxon's signed-rank test, paired by picture; a difference counts as "
        + "established if that gives p ≤ 0.05 and the bootstrap interval is clear of 0. Killed at any moment, the same "
        + "command goes on from there.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_remove, _queries, _random];

    protected override CounterfactualResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var counterfactual = new CounterfactualRequest
        {
            Common = request,
            Fraction = invocation.Get(_remove),
            Queries = invocation.Get(_queries),
            RandomRemovals = invocation.Get(_random),
        };
        return new CounterfactualEvaluation(time, progress).Run(counterfactual, cancellation);
    }

    protected override void Show(CounterfactualResult result, ToolOutput output) =>
        CounterfactualView.Write(result, output);
}
