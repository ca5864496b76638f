using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Outputs;
using DasAudit.Core.Files;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateOutputsCommand(EvaluationServices services)
    : EvaluateCommand<OutputsResult>(
        "outputs",
        "Measure whether the change of a generated picture follows the change of noise predictions or of losses.",
        services,
        new(encoder: EncoderUse.None)
    )
{
    private readonly Setting<int?> _subsets = OptionalNumber(
        "--subsets",
        "M",
        "Random parts of the dataset, a model for each: those of evaluate lds",
        4,
        100_000,
        "32, or as the preset has it"
    );

    private readonly Setting<double> _part = Number("--part", "FRACTION", "Size of a part", 0.01, 0.99, 0.5);

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate outputs made/ --model trained/ --dataset pictures/ --study study/",
                "32 models of random halves, those of evaluate lds, and one of all pictures."
            ),
            (
                "evaluate outputs made/*.png --model trained/ --dataset pictures/ --study study/ --query-seed 3,8,21",
                "Of pictures whose names and files do not state their seeds."
            ),
        ];

    public override string Notes =>
        "DAS attributes the change of the noise prediction because pictures follow that more than losses (its authors "
        + "on CIFAR-2: Pearson .485 against .257); this measures it on your model. Each picture is generated again by "
        + "each model from the same noise. Methods and held-out pictures are not looked at. Killed at any moment, the "
        + "same command goes on from there.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_subsets, _part];

    protected override OutputsResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var outputs = new OutputsRequest { Common = request, Part = invocation.Get(_part) };
        var subsets = invocation.Get(_subsets) ?? Evaluation.Preset(invocation)?.Subsets ?? outputs.Subsets;
        return new OutputsEvaluation(time, progress).Run(outputs with { Subsets = subsets }, cancellation);
    }

    protected override void Show(OutputsResult result, ToolOutput output) => OutputsView.Write(result, output);
}
