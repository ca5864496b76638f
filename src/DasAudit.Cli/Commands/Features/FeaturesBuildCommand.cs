using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Models;

namespace DasAudit.Cli.Commands.Features;

/// <summary><c>features build --model DIR --dataset DIR</c>.</summary>
internal sealed class FeaturesBuildCommand : ToolCommand
{
    private readonly Setting<string> _model = Setting.Required("--model", "DIR", "The model");
    private readonly Setting<string> _dataset = Setting.Required(
        "--dataset",
        "DIR",
        "The pictures the model was trained on"
    );
    private readonly Setting<string?> _folder = Setting.Text(
        "--output",
        "DIR",
        "Where the features go; by default beside --store, where audits with the same options find them"
    );
    private readonly Setting<FeatureFormat?> _format = Setting.Of<FeatureFormat?>(
        "--format",
        "f32|f16",
        "How values are kept, f16 with a scale a row; by default as they are, f32 in a new folder.",
        ReadFormat,
        null
    );
    private readonly Setting<FeaturePart> _part = Setting.Of(
        "--shard",
        "I/N",
        "Compute only the I-th of N parts; default 1/1.",
        text => Parsed.Of(() => FeaturePart.Parse(text)),
        FeaturePart.Whole
    );
    private readonly Setting<bool> _strict = Setting.Flag(
        "--strict",
        "Refuse a dataset with broken pictures instead of leaving them out"
    );
    private readonly Setting<string?> _split = Setting.Text(
        "--split",
        "NAME",
        "Use only the pictures of this split of the dataset"
    );
    private readonly GradientSettings _gradients = new();
    private readonly TorchRuntime _torch;
    private readonly AdapterSelection _adapters;
    private readonly ProgressReporter _reporter;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;
    private readonly TimeProvider _time;

    public FeaturesBuildCommand(
        TorchRuntime torch,
        AdapterSelection adapters,
        ProgressReporter reporter,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output,
        TimeProvider time
    )
        : base(
            "build",
            "Compute the gradient features of a whole dataset and keep them; run it again to go on after an interruption."
        )
    {
        (_torch, _adapters, _reporter, _common, _surroundings, _output, _time) = (
            torch,
            adapters,
            reporter,
            common,
            surroundings,
            output,
            time
        );
        foreach (
            var setting in new ISetting[] { _model, _dataset, _folder }
                .Concat(_gradients.All)
                .Concat([_format, _part, _strict, _split, adapters.Adapter])
        )
            Options.Add((Option)setting);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("features build --model ddpm/ --dataset pictures/", "Audits with the same options read what is kept."),
            (
                "features build --model ddpm/ --dataset pictures/ --output part1 --shard 1/4",
                "The first of four machines; copy the parts' files into one folder."
            ),
        ];

    /// <inheritdoc/>
    public override string Notes =>
        "Features are kept in shards of at most 64 pictures; a run that is killed at any moment leaves whole shards, and the same command goes on from "
        + "there to the same bytes. Only pictures that are not there yet are computed. The format: docs/features.md.";

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        var gradients = _gradients.Read(invocation, _surroundings, invocation.Get(_common.Seed));
        var adapter = _adapters.Find(invocation, invocation.Get(_model));
        var session = _torch.Start(invocation.Get(_common.Device), invocation.Get(_common.Threads));
        var source = new ModelSource(
            adapter,
            adapter.Version,
            adapter.Sha256,
            invocation.Get(_model),
            _surroundings.WorkingDirectory
        );
        var done = await _reporter
            .RunAsync(progress => Build(invocation, source, session, gradients, progress, cancellation))
            .ConfigureAwait(false);

        var (store, folder, set, build, slow) = done;
        if (slow is not null)
            _output.Say($"Gradients were taken one sample at a time, which is slow and just as right, because {slow}.");
        if (invocation.Get(_common.Json))
        {
            _output.WriteJson(
                new
                {
                    schema = "das-audit/features-build/1",
                    folder,
                    shard = invocation.Get(_part).ToString(),
                    pictures = build.Pictures,
                    computed = build.Computed,
                    present = build.Pictures - build.Computed,
                    skipped = set.Skipped.Count,
                    seconds = Math.Round(_time.GetElapsedTime(started).TotalSeconds, 3),
                    bytes = store.Bytes,
                }
            );
        }
        else
        {
            _output.Say(
                $"Computed {build.Computed} of {Numbers.Count(build.Pictures, "picture")}; '{folder}' holds {Numbers.Count(store.Count, "picture")} in {Numbers.Bytes(store.Bytes)}."
            );
        }
        return ExitCode.Done;
    }

    private Done Build(
        Invocation invocation,
        ModelSource source,
        TorchSession session,
        GradientOptions gradients,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var options = new TrainingSetOptions
        {
            Strict = invocation.Get(_strict),
            Split = invocation.Get(_split),
            ShownAs = invocation.Get(_dataset),
        };
        using var model = source.Load(session.Device);
        var settings = FeatureSettings.Of(
            model,
            ModelSource.Hash(model),
            source.Adapter.Name,
            source.AdapterVersion,
            gradients
        );
        var folder =
            invocation.Get(_folder)
            ?? _surroundings.Show(
                StoreFolders.Features(_surroundings.Resolve(invocation.Get(_common.Store)), settings)
            );
        var store = FeatureStore.Open(_surroundings.Resolve(folder), settings, invocation.Get(_format), folder);
        var set = TrainingSetLoader.Load(
            _surroundings.Resolve(invocation.Get(_dataset)),
            options,
            progress,
            cancellation
        );
        var pictures = invocation.Get(_part).Of(set.Items.Select(item => KeyedPicture.Of(model, set, item)));
        var engine = new FeatureEngine(() => source.Load(session.Device), gradients, session.Environment.Threads);
        var build = new FeatureBuilder(engine, store).Build(
            pictures,
            MerkleRoot.Compute(set.Items),
            progress,
            cancellation
        );
        return new(store, folder, set, build, engine.SlowBecause);
    }

    private static FeatureFormat? ReadFormat(string text) =>
        text.ToLowerInvariant() switch
        {
            "f32" => FeatureFormat.F32,
            "f16" => FeatureFormat.F16,
            _ => throw new FormatException($"takes one of f32, f16, not '{text}'."),
        };

    private sealed record Done(
        FeatureStore Store,
        string Folder,
        TrainingSet Set,
        FeatureBuild Build,
        string? SlowBecause
    );
}
