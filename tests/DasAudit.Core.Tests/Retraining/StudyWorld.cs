using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training;
using DasAudit.Safetensors;
using TorchSharp;

namespace DasAudit.Core.Tests.Retraining;

/// <summary>
/// A folder with <c>set</c> of eight pictures, <c>query.png</c>, two more in <c>held</c>, and <c>model</c>, a
/// <see cref="TinyUnet"/> that was trained on the set.
/// </summary>
internal sealed class StudyWorld : IDisposable
{
    public const int Pictures = 8;

    /// <summary>A file in the folder of a model that predicts something else than the others.</summary>
    public const string PredictsVelocity = "velocity";

    public static TrainingOptions Training { get; } =
        new()
        {
            Steps = 20,
            BatchSize = 4,
            WarmupSteps = 2,
            CheckpointEvery = 5,
            LearningRate = 5e-3,
            Seed = 11,
            Keep = [],
        };

    private readonly Adapter _adapter;

    /// <param name="knowsClasses">Whether the model is a <see cref="ClassUnet"/>; every second picture is of 1.</param>
    public StudyWorld(bool knowsClasses = false)
    {
        _adapter = new(knowsClasses);
        Folder.WritePictures("set", 0, Pictures);
        if (knowsClasses)
            Folder.Write(
                "set/metadata.csv",
                "file_name,label\n" + string.Concat(Enumerable.Range(0, Pictures).Select(p => $"p{p}.png,{p % 2}\n"))
            );
        Folder.WritePictures("held", 50, 2);
        Folder.Write("query.png", TestPictures.Png(30, 8, 8));
        Folder.Write("model/config", "tiny");
        new Trainer(
            () => _adapter.Load("", torch.CPU, new() { UntrainedSeed = Training.Seed }),
            _ => Set,
            Training,
            threads: 1
        ).Train(Folder["model"], halfPrecision: false, null, TestContext.Current.CancellationToken);
    }

    public TempFolder Folder { get; } = new();

    public TrainingSet Set => TrainingSetLoader.Load(Folder["set"], new(), null, TestContext.Current.CancellationToken);

    public ModelSource Source => new(_adapter, "1.0", new string('c', 64), "model", Folder.Path);

    public RetrainingRecipe Recipe
    {
        get
        {
            using var model = Source.Load(torch.CPU);
            return RetrainingRecipe.Of(Source, model, Set);
        }
    }

    public TestAudit Audit(params string[] methods) => TestAudit.Of(Folder, methods) with { Adapter = _adapter };

    /// <summary>A job on some of the pictures.</summary>
    public static RetrainingJob Job(string name, TrainingSet set, params int[] pictures) =>
        new(name, [.. pictures.Select(index => set.Items[index])], Training.Seed);

    public byte[] Weights(string model) => File.ReadAllBytes(Path.Combine(Folder[model], "weights.safetensors"));

    public void Dispose() => Folder.Dispose();

    private static TinyUnet Load(string path, ModelLoadOptions options)
    {
        var predictsVelocity = File.Exists(Path.Combine(path, PredictsVelocity));
        var type = predictsVelocity ? PredictionType.Velocity : PredictionType.Epsilon;
        var model = new TinyUnet(options.UntrainedSeed ?? 0, type);
        if (options.UntrainedSeed is not null)
            return model;
        using var noGradient = torch.no_grad();
        using var weights = SafetensorsFile.Open(Path.Combine(path, "weights.safetensors"));
        foreach (var (name, parameter) in model.Network.named_parameters())
            weights.CopyTo(name, parameter);
        return model;
    }

    private sealed class Adapter(bool knowsClasses) : IModelAdapter
    {
        public string Name => "tiny";

        public bool CanLoad(string path) => true;

        public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options)
        {
            var model = StudyWorld.Load(path, options);
            return knowsClasses ? new ClassUnet(model) : model;
        }
    }
}
