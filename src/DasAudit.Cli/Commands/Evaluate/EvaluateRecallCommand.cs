using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Candidates;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Recall;
using DasAudit.Core.Files;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateRecallCommand(EvaluationServices services)
    : EvaluateCommand<RecallResult>(
        "recall",
        "Measure what rankings lose where an encoder chooses which training pictures are scored.",
        services,
        new(trains: false, takesLosses: false, encoder: EncoderUse.None)
    )
{
    private readonly Setting<IReadOnlyList<string>> _encoders = Texts(
        "--encoder",
        "DIR",
        "A CLIP image encoder in ONNX, as audit takes it; needed"
    );

    private readonly Setting<int?> _background = AuditSettings.NewBackground();

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "evaluate recall made/ --model trained/ --dataset pictures/ --study study/ --encoder clip/",
                "How much of the top of all rankings is left with half of the pictures as candidates, down to 5 %."
            ),
            (
                "evaluate recall made/ --model trained/ --dataset pictures/ --study study/ --encoder a/ --encoder b/ "
                    + "--background 100",
                "Two encoders side by side, with 100 random other pictures in each kernel."
            ),
        ];

    public override string Notes =>
        "Candidates are those that audit chooses with --candidates N. No model is trained. Times are of this run: "
        + "--no-features measures gradients that an earlier run has kept.";

    protected override IReadOnlyList<ISetting> OwnSettings => [_encoders, _background];

    protected override void Check(Invocation invocation)
    {
        if (invocation.Get(_encoders).Count == 0)
            throw new UsageException(
                "Without an image encoder an audit scores all training pictures, and loses none; give --encoder DIR."
            );
    }

    protected override RecallResult Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var audit = request.Audit with
        {
            Options = request.Audit.Options with { Background = invocation.Get(_background) },
        };
        var encoders = new List<IImageEncoder>();
        try
        {
            foreach (var path in invocation.Get(_encoders))
                encoders.Add(EncoderSelection.Open(path, preprocess: null, invocation, audit.Machine.Threads)!);
            return new RecallEvaluation(time, progress).Run(
                new() { Common = request with { Audit = audit }, Encoders = encoders },
                cancellation
            );
        }
        finally
        {
            encoders.ForEach(encoder => encoder.Dispose());
        }
    }

    protected override void Show(RecallResult result, ToolOutput output) => RecallView.Write(result, output);
}
