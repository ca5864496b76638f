using System.Globalization;
using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using DasAudit.Core.Training;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Makes a preset's model, dataset and queries in a study's folder; what is there is used again.</summary>
internal sealed class PresetStudy(AdapterSelection adapters)
{
    private const string LockFile = ".making";
    private const string IdentityFile = "preset.json";

    /// <summary>How a preset's queries are generated.</summary>
    public static GeneratorOptions Sampling { get; } = new() { Steps = 100 };

    /// <summary>Makes what is missing; waits while another process is making it.</summary>
    /// <param name="folder">The study's, as written.</param>
    /// <param name="source">The folder of Fashion-MNIST, absolute.</param>
    public PresetPaths Make(
        StudyPreset preset,
        string folder,
        string source,
        Invocation invocation,
        TorchSession session,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var paths = new PresetPaths(folder);
        var study = Directory.CreateDirectory(invocation.Resolve(folder)).FullName;
        using var held = FileLock.Take(Path.Combine(study, LockFile), cancellation);
        Identify(new(preset.Name, invocation.Seed), study, folder);
        preset.Pictures.WriteTraining(source, preset.Count, invocation.Resolve(paths.Dataset));
        preset.Pictures.WriteHeldOut(source, preset.Queries, invocation.Resolve(paths.HeldOut));
        if (!Trainer.IsFinished(invocation.Resolve(paths.Model)))
            Train(preset, paths, invocation, session, progress, cancellation);
        Generate(preset, paths, invocation, session, progress, cancellation);
        return paths;
    }

    // What another preset or seed made must not be measured as this one's.
    private static void Identify(PresetIdentity asked, string study, string shown)
    {
        var path = Path.Combine(study, IdentityFile);
        var made = ReadIdentity(path);
        if (made == asked)
            return;
        if (made is not null)
            throw new AuditException(
                $"'{shown}' is the study of --preset {made.Preset} --seed {made.Seed}; give another folder with "
                    + "--study, or these two."
            );
        if (Directory.Exists(Path.Combine(study, "dataset")))
            throw new AuditException(
                $"'{shown}' holds a dataset, and no {IdentityFile} says of which preset; give another folder with "
                    + "--study, or this one without --preset."
            );
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(asked, JsonDocuments.Options));
    }

    private static PresetIdentity? ReadIdentity(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<PresetIdentity>(File.ReadAllBytes(path), JsonDocuments.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Train(
        StudyPreset preset,
        PresetPaths paths,
        Invocation invocation,
        TorchSession session,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var configuration = Path.Combine(
            invocation.Surroundings.ToolDirectory,
            "presets",
            preset.Pictures.Configuration
        );
        var source = adapters.ModelAsStated(invocation, configuration);
        var options = preset.Training with { Seed = invocation.Seed };
        var dataset = invocation.Resolve(paths.Dataset);
        var trainer = new Trainer(
            () => source.Load(session.Device, new() { UntrainedSeed = options.Seed }),
            _ => TrainingSetLoader.Load(dataset, new() { ShownAs = paths.Dataset }, progress, cancellation),
            options,
            session.Environment.Threads
        );
        trainer.Train(invocation.Resolve(paths.Model), halfPrecision: false, progress, cancellation);
    }

    private void Generate(
        StudyPreset preset,
        PresetPaths paths,
        Invocation invocation,
        TorchSession session,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var files = Enumerable
            .Range(0, preset.Queries)
            .ToDictionary(
                seed => (long)seed,
                seed =>
                    invocation.Resolve(
                        Path.Combine(paths.Made, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.png"))
                    )
            );
        List<long> missing = [.. files.Keys.Where(seed => !File.Exists(files[seed])).Order()];
        if (missing.Count == 0)
            return;
        var source = adapters.ModelAsStated(invocation, paths.Model);
        using var pool = new ModelPool(() => source.Load(session.Device));
        var generator = new PictureGenerator(pool, Sampling, session.Environment.Threads);
        var pictures = generator.Generate(missing, new(null, null), progress, cancellation);
        foreach (var (seed, picture) in missing.Zip(pictures))
            PictureWriter.WritePng(picture, files[seed]);
    }

    /// <summary>What a study was made of.</summary>
    private sealed record PresetIdentity(string Preset, long Seed);
}

/// <summary>Where things lie in the folder of a preset's study.</summary>
/// <param name="Folder">As written.</param>
internal sealed record PresetPaths(string Folder)
{
    /// <summary>The training pictures.</summary>
    public string Dataset => Path.Combine(Folder, "dataset");

    /// <summary>The queries that the model never saw.</summary>
    public string HeldOut => Path.Combine(Folder, "held-out");

    /// <summary>The model of all training pictures.</summary>
    public string Model => Path.Combine(Folder, "model");

    /// <summary>The queries that it generated.</summary>
    public string Made => Path.Combine(Folder, "made");
}
