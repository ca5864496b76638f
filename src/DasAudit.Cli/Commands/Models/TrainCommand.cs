using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Training;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Models;

internal sealed class TrainCommand(
    TorchRuntime torch,
    AdapterSelection adapters,
    DatasetIndexes indexes,
    ProgressReporter reporter,
    ToolOutput output
)
    : ToolCommand(
        "train",
        "Train a diffusion model, or a LoRA, on a dataset; run it again to go on after an interruption."
    )
{
    private readonly Setting<string> _model = Required(
        "--model",
        "DIR|FILE",
        "A checkpoint's configuration; weights are not needed and not read, except with --lora-rank"
    );
    private readonly DatasetSettings _dataset = new("The pictures to train on");
    private readonly Setting<string> _folder = Required("--output", "DIR", "Where the trained model goes");
    private readonly Setting<bool> _half = Flag("--half", "Store the weights as float16");
    private readonly TrainingSettings _training = new();

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("train --model ddpm/ --dataset pictures/ --output trained/", "A model of all pictures."),
            (
                "train --model ddpm/ --dataset pictures/ --part 0.5 --part-seed 1 --output half/1",
                "One of a random half, for audit --method datamodel --retrained half/."
            ),
            (
                "train --model sd15/ --dataset pictures/ --lora-rank 8 --output lora/",
                "A LoRA of the pictures and their captions, for audit --model sd15/ --lora lora/."
            ),
        ];

    public override string Notes =>
        "Ctrl+C saves the state into the output folder; the same command goes on from there, "
        + "to the same weights as without the interruption, with any number of threads.";

    protected override IReadOnlyList<ISetting> Settings =>
        [_model, .. _dataset.All, _folder, .. _training.All, _half, .. adapters.All];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = invocation.Get(_folder);
        RefuseOtherFiles(invocation.Resolve(folder), folder);
        _dataset.CheckExists(invocation, indexes.Beside(invocation.Store));
        var source = adapters.Model(invocation, invocation.Get(_model));
        var session = torch.Start(invocation.Device, invocation.Threads);
        var options = _training.Read(invocation);
        await reporter
            .RunAsync(progress => Train(invocation, source, session, options, progress, cancellation))
            .ConfigureAwait(false);
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/training/1",
                    output = folder,
                    steps = options.Steps,
                    seed = options.Seed,
                    part = options.Part,
                    partSeed = options.Part is null ? (long?)null : options.PartSeed,
                }
            );
        else
            output.Say($"Trained{OnPart(options)}; pictures from it: das-audit {Generation(invocation, options)}");
        return ExitCode.Done;
    }

    private static void RefuseOtherFiles(string path, string folder)
    {
        var holdsFiles = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any();
        if (holdsFiles && !File.Exists(Path.Combine(path, Trainer.StateFile)))
            throw new AuditException(
                $"'{folder}' already holds files and no unfinished training; choose another --output."
            );
    }

    private bool Train(
        Invocation invocation,
        ModelSource source,
        TorchSession session,
        TrainingOptions options,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var untrained = options.Lora is { } lora
            ? new ModelLoadOptions { NewLora = lora }
            : new ModelLoadOptions { UntrainedSeed = options.Seed };
        var trainer = new Trainer(
            () => source.Load(session.Device, untrained),
            model => Read(invocation, model, progress, cancellation),
            options,
            session.Environment.Threads
        )
        {
            BaseHash = source.HashOf,
        };
        trainer.Train(invocation.Resolve(invocation.Get(_folder)), invocation.Get(_half), progress, cancellation);
        return true;
    }

    private TrainingSet Read(
        Invocation invocation,
        IDiffusionModel model,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        PictureShapes.Check(model, invocation.Get(_dataset.Resize));
        // The trainer asks for captions if the model takes them.
        return _dataset.Load(
            invocation,
            indexes.Beside(invocation.Store),
            needsCaptions: false,
            progress,
            cancellation
        );
    }

    private string Generation(Invocation invocation, TrainingOptions options)
    {
        var (model, folder) = (invocation.Get(_model), invocation.Get(_folder));
        return options.Lora is null
            ? $"generate --model {folder} --output pictures"
            : $"generate --model {model} --lora {folder} --prompt TEXT --output pictures";
    }

    private static string OnPart(TrainingOptions options) =>
        options.Part is { } part
            ? FormattableString.Invariant($" on {part} of the pictures, part {options.PartSeed}")
            : "";
}
