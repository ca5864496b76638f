using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Features;

internal sealed class FeaturesBuildCommand(
    TorchRuntime torch,
    AdapterSelection adapters,
    DatasetIndexes indexes,
    ProgressReporter reporter,
    ToolOutput output,
    TimeProvider time
)
    : ToolCommand(
        "build",
        "Compute the gradient features of a whole dataset and keep them; run it again to go on after an interruption."
    )
{
    private readonly Setting<string> _model = Required("--model", "DIR", "The model");
    private readonly DatasetSettings _dataset = new("The pictures the model was trained on");
    private readonly Setting<string?> _folder = Text(
        "--output",
        "DIR",
        "Where the features go; by default beside --store, where audits with the same options find them"
    );
    private readonly Setting<FeatureFormat?> _format = OptionalChoice<FeatureFormat?>(
        "--format",
        "How values are kept, f16 with one scale for each row; by default as the folder has them, f32 in a new one",
        ("f32", FeatureFormat.F32),
        ("f16", FeatureFormat.F16)
    );
    private readonly Setting<FeaturePart> _part = Parsed(
        "--shard",
        "I/N",
        "Compute only the I-th of N parts; default 1/1.",
        FeaturePart.Parse,
        FeaturePart.Whole
    );
    private readonly GradientSettings _gradients = new();

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("features build --model ddpm/ --dataset pictures/", "Audits with the same options read what is kept."),
            (
                "features build --model ddpm/ --dataset pictures/ --output part1 --shard 1/4",
                "The first of four machines; copy the parts' files into one folder."
            ),
        ];

    public override string Notes =>
        "Features are kept in shards of at most 64 pictures; a run that is killed at any moment leaves whole shards, "
        + "and the same command goes on from there to the same bytes. Only pictures that are not there yet are "
        + "computed. The format: docs/features.md.";

    protected override IReadOnlyList<ISetting> Settings =>
        [_model, .. _dataset.All, _folder, .. _gradients.All, _format, _part, .. adapters.All];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var gradients = _gradients.Read(invocation);
        _dataset.CheckExists(invocation, indexes.Beside(invocation.Store));
        var source = adapters.Model(invocation, invocation.Get(_model));
        var session = torch.Start(invocation.Device, invocation.Threads);
        var built = await reporter
            .RunAsync(progress => Build(invocation, source, session, gradients, progress, cancellation))
            .ConfigureAwait(false);

        if (built.SlowBecause is { } reason)
            output.Say(
                $"Gradients were taken one sample at a time, because {invocation.WithOptionNames(reason)}; "
                    + "that is slow, but just as right."
            );
        if (invocation.Json)
            output.WriteJson(Document(invocation, built, time.GetElapsedTime(started)));
        else
            output.Say(
                $"Computed {built.Build.Computed} of {Numbers.Count(built.Build.Pictures, "picture")}; "
                    + $"'{built.Folder}' holds {Numbers.Count(built.Store.Count, "picture")} "
                    + $"in {Numbers.Bytes(built.Store.Bytes)}."
            );
        return ExitCode.Done;
    }

    private BuiltFeatures Build(
        Invocation invocation,
        ModelSource source,
        TorchSession session,
        GradientOptions gradients,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        using var audited = AuditedModel.Load(source, session.Device);
        var model = audited.Model;
        progress.Notify(model.Assumptions);
        PictureShapes.Check(model, invocation.Get(_dataset.Resize));
        var settings = FeatureSettings.Of(
            model,
            audited.WeightsSha256,
            source.Adapter.Name,
            source.AdapterVersion,
            gradients
        );
        var folder =
            invocation.Get(_folder) ?? invocation.Surroundings.Show(StoreFolders.Features(invocation.Store, settings));
        var store = FeatureStore.Open(invocation.Resolve(folder), settings, invocation.Get(_format), folder);
        var set = _dataset.Load(
            invocation,
            indexes.Beside(invocation.Store),
            model.TakesCaptions(),
            progress,
            cancellation
        );
        PictureClasses.Check(model, set.Items);
        var pictures = invocation.Get(_part).Of(set.Items.Select(item => KeyedPicture.Of(model, set, item)));
        var engine = new FeatureEngine(audited.Pool, gradients, session.Environment.Threads);
        var build = new FeatureBuilder(engine, store).Build(
            pictures,
            MerkleRoot.Compute(set.Items),
            progress,
            cancellation
        );
        return new(store, folder, set, build, engine.SlowBecause);
    }

    private object Document(Invocation invocation, BuiltFeatures built, TimeSpan elapsed) =>
        new
        {
            schema = "das-audit/features-build/1",
            folder = built.Folder,
            shard = invocation.Get(_part).ToString(),
            pictures = built.Build.Pictures,
            computed = built.Build.Computed,
            present = built.Build.Pictures - built.Build.Computed,
            skipped = built.Set.Skipped.Count,
            seconds = Math.Round(elapsed.TotalSeconds, 3),
            bytes = built.Store.Bytes,
        };

    private sealed record BuiltFeatures(
        FeatureStore Store,
        string Folder,
        TrainingSet Set,
        FeatureBuild Build,
        string? SlowBecause
    );
}
