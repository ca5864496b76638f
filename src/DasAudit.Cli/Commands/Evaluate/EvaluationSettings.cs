using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Clip;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Files;
using DasAudit.Core.Retraining;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>What every evaluation can be told.</summary>
/// <param name="trains">Whether it trains models again.</param>
/// <param name="takesLosses">Whether it takes losses under them.</param>
/// <param name="takesGenerated">
/// Whether it looks at pictures that the model generated, not at held-out ones alone.
/// </param>
/// <param name="needsStudy">Whether there is nothing to do without a folder of retrained models.</param>
/// <param name="encoder">What an image encoder is for.</param>
internal sealed class EvaluationSettings(
    bool trains = true,
    bool takesLosses = true,
    bool takesGenerated = true,
    bool needsStudy = true,
    EncoderUse encoder = EncoderUse.Methods
)
{
    private const string StudyDescription = "Where the retrained models are kept; those that are there are used again";

    private static readonly TruthOptions Truth = new();

    // Those of an audit that an evaluation has too.
    private readonly AuditSettings _audit = new(
        ArgumentArity.ZeroOrMore,
        "Pictures that the model generated, or folders of them; needed without --preset.",
        "The pictures the model was trained on",
        isRequired: false
    );

    private readonly Setting<StudyPreset?> _preset = Parsed(
        "--preset",
        "quick|fashion[:A,B]|shapes",
        "Instead of a model, a dataset and pictures: two classes of Fashion-MNIST, or shapes in four colours, a model "
            + "trained on them and pictures that it generates, all made in --study; quick is a small one that "
            + "proves the "
            + "machinery.",
        StudyPreset.Parse,
        null
    );

    private readonly Setting<string> _fashion = Text(
        "--fashion-mnist",
        "DIR",
        "The files of Fashion-MNIST for --preset",
        FashionMnist.DebianFolder
    );

    private readonly Setting<IReadOnlyList<IAttributionMethod>> _methods = Parsed<IReadOnlyList<IAttributionMethod>>(
        "--methods",
        "ID,ID|all",
        "The methods to measure; the others are compared with the first. All are those that need neither an encoder "
            + "nor retrained models of their own. Default das,pva,pixel-ridge,random.",
        ReadMethods,
        ReadMethods("das,pva,pixel-ridge,random")
    );

    private readonly Setting<string?> _heldOut = Parsed<string?>(
        "--held-out",
        "DIR|split:NAME",
        "Further queries that the model neither made nor saw: a folder, or a split of the dataset.",
        DecoySource.Check,
        null
    );

    private readonly Setting<int?> _heldOutCount = OptionalNumber(
        "--held-out-count",
        "N",
        "How many of them, the first by name",
        1,
        int.MaxValue,
        "all"
    );

    private readonly Setting<string> _study = needsStudy
        ? Required("--study", "DIR", StudyDescription)
        : Optional("--study", "DIR", StudyDescription + "; needed where models are trained");

    private readonly Setting<int> _seeds = Number(
        "--training-seeds",
        "N",
        "Training seeds: with 2, the agreement between them tells what a perfect method would reach",
        1,
        100,
        1
    );

    private readonly Setting<int> _truthTimesteps = Number(
        "--truth-timesteps",
        "K",
        "Timesteps at which losses under retrained models are taken",
        1,
        1000,
        Truth.Timesteps
    );

    private readonly Setting<int> _truthDraws = Number(
        "--truth-draws",
        "N",
        "Noise draws at each of them",
        1,
        1000,
        Truth.Draws
    );

    private readonly Setting<JobShare> _share = Parsed(
        "--shard",
        "I/N",
        "Train only the I-th of N shares of the models and end; default all, and then measure.",
        JobShare.Parse,
        JobShare.All
    );

    private readonly Setting<string?> _slurm = Text(
        "--slurm",
        "FILE",
        "Write a job array for Slurm that trains the models, and end; when it is done, measure without this"
    );

    private readonly Setting<int> _slurmTasks = Number(
        "--slurm-tasks",
        "N",
        "Tasks of the job array, each a share of the models",
        1,
        100_000,
        8
    );

    private readonly Setting<int> _bootstrap = Number(
        "--bootstrap",
        "N",
        "Bootstrap draws of the intervals",
        100,
        100_000,
        1000
    );

    private readonly Setting<string?> _encoder = Text(
        "--encoder",
        "DIR",
        encoder == EncoderUse.Pictures
            ? "A CLIP image encoder in ONNX to compare pictures by: a folder or an .onnx file"
            : "A CLIP image encoder in ONNX for the method clip: a folder or an .onnx file"
    );

    private readonly SamplingSettings _sampling = new();

    /// <summary>Pictures that the model generated.</summary>
    public IReadOnlyList<Argument> Positionals => takesGenerated ? [_audit.Images] : [];

    private IReadOnlyList<ISetting> OfEncoder => encoder != EncoderUse.None ? [_encoder, _audit.Preprocess] : [];

    private IReadOnlyList<ISetting> OfTraining => trains ? [_share, _slurm, _slurmTasks] : [];

    private IReadOnlyList<ISetting> OfLosses => takesLosses ? [_seeds, _truthTimesteps, _truthDraws] : [];

    public IReadOnlyList<ISetting> All(IReadOnlyList<ISetting> adapters) =>
        [
            _preset,
            _fashion,
            _audit.Model,
            .. _audit.Dataset.All,
            .. adapters,
            _study,
            _methods,
            _heldOut,
            _heldOutCount,
            .. OfLosses,
            .. OfTraining,
            _bootstrap,
            .. OfEncoder,
            .. _audit.Gradients.All,
            _audit.Features,
            _audit.NoFeatures,
            _audit.Damping,
            _audit.Residual,
            _audit.Classes,
            _audit.Prompt,
            _audit.QuerySeeds,
            .. _sampling.All,
        ];

    /// <summary>The preset; null for what the command line names.</summary>
    public StudyPreset? Preset(Invocation invocation) => invocation.Get(_preset);

    /// <summary>What is looked at; of a preset, what is missing is made.</summary>
    /// <exception cref="UsageException">It is not said, or said twice.</exception>
    public EvaluationSubject Subject(
        Invocation invocation,
        PresetStudy presets,
        TorchSession session,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        if (Preset(invocation) is not { } preset)
        {
            var images = Images(invocation).SelectMany(path => PictureFiles.At(path, invocation.Resolve(path)));
            return new(
                invocation.Get(_audit.Model),
                invocation.Get(_audit.Dataset.Dataset),
                [.. images],
                invocation.Get(_heldOut),
                _sampling.Read(invocation, new())
            );
        }
        var source = invocation.Resolve(invocation.Get(_fashion));
        var paths = presets.Make(preset, invocation.Get(_study), source, invocation, session, progress, cancellation);
        return new(
            paths.Model,
            paths.Dataset,
            PictureFiles.At(paths.Made, invocation.Resolve(paths.Made)),
            paths.HeldOut,
            _sampling.Read(invocation, PresetStudy.Sampling)
        );
    }

    /// <summary>Refuses what is said twice or not at all, before anything heavy.</summary>
    public void Check(Invocation invocation)
    {
        var hasHeldOut = invocation.Get(_heldOut) is not null;
        bool[] given =
        [
            invocation.Get(_audit.Model).Length > 0,
            invocation.Get(_audit.Dataset.Dataset).Length > 0,
            takesGenerated ? Images(invocation).Count > 0 : hasHeldOut,
        ];
        var queries = takesGenerated ? "pictures that the model generated" : "--held-out";
        if (Preset(invocation) is null && given.Contains(false))
            throw new UsageException($"Give --model, --dataset and {queries}, or --preset, which makes them.");
        if (Preset(invocation) is not null && (given.Contains(true) || hasHeldOut))
            throw new UsageException(
                "--preset makes its own model, dataset and pictures; leave out --model, --dataset, --held-out and "
                    + "pictures, or --preset."
            );
        if (invocation.Get(_heldOutCount) is not null && !hasHeldOut && Preset(invocation) is null)
            throw new UsageException(
                "--held-out-count is of the pictures of --held-out; give that too, or leave it out."
            );
        if (invocation.Get(_audit.Classes).Count > 0 && Preset(invocation) is not null)
            throw new UsageException("The models of --preset know no classes; leave out --class.");
        _audit.RefuseUnused(invocation.Get(_methods), invocation);
        CheckSlurm(invocation);
        CheckEncoder(invocation);
    }

    /// <summary>Opens the image encoder, which the caller disposes; null for none.</summary>
    public OnnxImageEncoder? OpenEncoder(Invocation invocation, int threads) =>
        encoder == EncoderUse.None
            ? null
            : EncoderSelection.Open(invocation.Get(_encoder), invocation.Get(_audit.Preprocess), invocation, threads);

    /// <summary>Refuses to train models that there is no place for.</summary>
    public void CheckStudy(Invocation invocation)
    {
        if (invocation.Get(_study).Length == 0)
            throw new UsageException("Give --study, the folder where the retrained models are kept.");
    }

    /// <summary>Writes the job array that is asked for, and says what to do with it.</summary>
    /// <returns>Whether one is; nothing is left to do then.</returns>
    /// <param name="evaluation">The command's name.</param>
    public bool WriteSlurm(Invocation invocation, string evaluation, ToolOutput output)
    {
        if (!trains || invocation.Get(_slurm) is not { } file)
            return false;
        var script = new SlurmScript(
            $"das-audit-{evaluation}",
            invocation.Get(_slurmTasks),
            invocation.Threads,
            invocation.Surroundings.WorkingDirectory,
            invocation.Resolve(invocation.Get(_study)),
            invocation.Surroundings.Program,
            SlurmScript.Plain(invocation.Arguments, [_slurm.Name, _slurmTasks.Name])
        );
        script.Write(invocation.Resolve(file));
        output.SayUnbroken($"Submit the models' training: sbatch {CommandLineText.PosixArgument(file)}");
        output.SayUnbroken($"When all of its tasks are done, run: {script.Command}");
        return true;
    }

    /// <summary>What the command line says of any evaluation.</summary>
    /// <param name="imageEncoder">The image encoder, which stays the caller's; null for none.</param>
    public EvaluationRequest Read(
        Invocation invocation,
        AuditRequestBuilder requests,
        EvaluationSubject subject,
        IImageEncoder? imageEncoder,
        TorchSession session
    ) =>
        new()
        {
            Audit = requests.BuildEvaluation(
                _audit,
                subject,
                invocation.Get(_methods),
                imageEncoder,
                invocation,
                session
            ),
            HeldOut = subject.HeldOut,
            HeldOutCount = invocation.Get(_heldOutCount),
            Study = invocation.Get(_study) is { Length: > 0 } study ? invocation.Resolve(study) : "",
            TrainingSeeds = takesLosses ? invocation.Get(_seeds) : 1,
            Truth = ReadTruth(invocation),
            Share = trains ? invocation.Get(_share) : JobShare.All,
            BootstrapDraws = invocation.Get(_bootstrap),
        };

    /// <summary>What says that the training is shared among processes; null for nothing.</summary>
    public string? Sharing(Invocation invocation) => invocation.Source(_slurm) ?? invocation.Source(_share);

    /// <summary>What says how models are trained and their losses taken; null for nothing.</summary>
    public string? Training(Invocation invocation)
    {
        ISetting[] settings = [_preset, _share, _slurm, _seeds, _truthTimesteps, _truthDraws];
        return settings.Select(invocation.Source).OfType<string>().FirstOrDefault();
    }

    private IReadOnlyList<string> Images(Invocation invocation) => takesGenerated ? invocation.Get(_audit.Images) : [];

    private TruthOptions ReadTruth(Invocation invocation)
    {
        var truth = new TruthOptions { Seed = invocation.Seed + 1 };
        return takesLosses
            ? truth with
            {
                Timesteps = invocation.Get(_truthTimesteps),
                Draws = invocation.Get(_truthDraws),
            }
            : truth;
    }

    private void CheckEncoder(Invocation invocation)
    {
        if (encoder == EncoderUse.None)
            return;
        EncoderSelection.Check(invocation.Get(_encoder), invocation.Get(_audit.Preprocess));
        var isIdle = encoder == EncoderUse.Methods && !invocation.Get(_methods).Any(method => method.Needs.Embeddings);
        if (isIdle && invocation.Source(_encoder) is { } source)
            throw new UsageException(
                $"None of these methods looks at an encoder; name clip too, or leave out {source}."
            );
    }

    private void CheckSlurm(Invocation invocation)
    {
        if (!trains)
            return;
        if (invocation.Source(_slurm) is not { } source)
        {
            if (invocation.Source(_slurmTasks) == _slurmTasks.Name)
                throw new UsageException("--slurm-tasks says nothing without --slurm.");
            return;
        }
        // Tasks read the same variables and the same file.
        if (source != _slurm.Name)
            throw new UsageException($"--slurm belongs on the command line, not in {source}, where its tasks find it.");
        if (invocation.Source(_share) is { } share)
            throw new UsageException($"--slurm gives each task its share; leave out --slurm or {share}.");
    }

    private static IReadOnlyList<IAttributionMethod> ReadMethods(string text) =>
        text == "all"
            ? [.. MethodCatalog.All.Where(method => !method.Needs.Embeddings && method.Needs.RetrainedModels == 0)]
            : [.. text.Split(',').Select(MethodCatalog.Find).DistinctBy(method => method.Description.Id)];
}

/// <summary>What an evaluation does with an image encoder.</summary>
internal enum EncoderUse
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The method clip compares pictures by it.</summary>
    Methods,

    /// <summary>The evaluation itself does too.</summary>
    Pictures,
}
