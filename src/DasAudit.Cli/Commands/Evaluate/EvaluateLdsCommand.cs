using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Files;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateLdsCommand(EvaluationServices services)
    : EvaluateCommand<LdsResult>(
        "lds",
        "Measure how well scores predict what models trained on random parts of the dataset lose on the pictures.",
        services,
        new(needsStudy: false)
    )
{
    private readonly Setting<int?> _subsets = OptionalNumber(
        "--subsets",
        "M",
        "Random parts of the dataset, a model for each; below 20 the order of methods is chance",
        4,
        100_000,
        "32, or as the preset has it"
    );

    private readonly Setting<double> _part = Number("--part", "FRACTION", "Size of a part", 0.01, 0.99, 0.5);

    private readonly Setting<bool> _sets = Flag(
        "--sets",
        "Measure parts by their exact effect in the linearised model too, where a method has one"
    );

    private readonly Setting<bool> _curve = Flag(
        "--damping-curve",
        "Measure methods with a kernel under dampings from df:0.02 to df:0.5 too: how far is the blind choice "
            + "from the best"
    );

    private readonly Setting<string?> _losses = Parsed<string?>(
        "--losses",
        "FILE.csv|FILE.parquet",
        "Where the raw losses go: model, query, timestep, loss, and how far the output is from the model's own.",
        ReadTable,
        null
    );

    private readonly Setting<string?> _parts = Parsed<string?>(
        "--parts",
        "FILE.csv",
        "Where it is written which training pictures each model saw: model, picture.",
        ReadCsv,
        null
    );

    private readonly Setting<string?> _givenLosses = Parsed<string?>(
        "--given-losses",
        "FILE.csv|FILE.parquet",
        "Losses under models that were trained elsewhere, as --losses writes them, instead of training models here; "
            + "change may be left out.",
        ReadTable,
        null
    );

    private readonly Setting<string?> _givenParts = Parsed<string?>(
        "--given-parts",
        "FILE.csv|FILE.parquet",
        "What these models were trained on, as --parts writes it; a picture is its path within the dataset or the "
            + "SHA-256 of its pixels.",
        ReadTable,
        null
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate lds made/ --model trained/ --dataset pictures/ --study study/",
                "32 models of random halves; whatever is trained is kept in study/ and used again."
            ),
            (
                "evaluate lds made/ --model trained/ --dataset pictures/ --study study/ --shard 2/4",
                "The second of four processes or machines that share the training; then once without --shard."
            ),
            (
                "evaluate lds made/ --model trained/ --dataset pictures/ --study study/ --slurm job.sh --slurm-tasks 8",
                "A job array for Slurm that trains the models in 8 tasks: sbatch job.sh; then once without --slurm."
            ),
            (
                "evaluate lds made/ --model trained/ --dataset pictures/ --given-losses losses.csv "
                    + "--given-parts parts.csv",
                "Models that were trained elsewhere: nothing is trained here."
            ),
        ];

    public override string Notes =>
        "A model is trained again as its training.json says, with the same initial weights and the same noise for "
        + "each picture, on each part. Killed at any moment, the same command goes on from there. Intervals are the "
        + "middle 95 % of bootstrap draws over parts and pictures.";

    protected override IReadOnlyList<ISetting> OwnSettings =>
        [_subsets, _part, _sets, _curve, _losses, _parts, _givenLosses, _givenParts];

    // What says how models are trained here, or what of them is written.
    private IReadOnlyList<ISetting> OfTrainingHere => [_subsets, _part, _losses, _parts];

    protected override void Check(Invocation invocation)
    {
        var (losses, parts) = (invocation.Get(_givenLosses), invocation.Get(_givenParts));
        if (losses is null != parts is null)
            throw new UsageException("--given-losses and --given-parts belong together; give both, or neither.");
        if (losses is null)
        {
            Evaluation.CheckStudy(invocation);
            return;
        }
        var idle = OfTrainingHere.Select(invocation.Source).Append(Evaluation.Training(invocation)).OfType<string>();
        if (idle.FirstOrDefault() is { } source)
            throw new UsageException($"With --given-losses nothing is trained here; leave out {source}.");
    }

    protected override LdsResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var lds = new LdsRequest
        {
            Common = request,
            Part = invocation.Get(_part),
            WithSets = invocation.Get(_sets),
            WithCurve = invocation.Get(_curve),
            LossesFile = Resolve(_losses, invocation),
            PartsFile = Resolve(_parts, invocation),
            Given = Resolve(_givenLosses, invocation) is { } given
                ? new(given, Resolve(_givenParts, invocation)!)
                : null,
        };
        var subsets = invocation.Get(_subsets) ?? Evaluation.Preset(invocation)?.Subsets ?? lds.Subsets;
        return new LdsEvaluation(time, progress).Run(lds with { Subsets = subsets }, cancellation);
    }

    protected override void Show(LdsResult result, ToolOutput output) => LdsView.Write(result, output);

    private static string? Resolve(Setting<string?> file, Invocation invocation) =>
        invocation.Get(file) is { } path ? invocation.Resolve(path) : null;

    private static string ReadCsv(string text) =>
        TableEnding.IsCsv(text) ? text : throw new FormatException($"takes a file that ends in .csv, not '{text}'.");

    private static string ReadTable(string text) =>
        TableEnding.IsKnown(text)
            ? text
            : throw new FormatException($"takes a file that ends in .csv or .parquet, not '{text}'.");
}
