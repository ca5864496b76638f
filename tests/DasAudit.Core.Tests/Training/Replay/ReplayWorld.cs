using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Training;
using DasAudit.Core.Training.Replay;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Training.Replay;

/// <summary>A small network trained for some seconds that kept its state half-way; and the loss of a query.</summary>
public sealed class ReplayWorld : IDisposable
{
    internal const int Pictures = 10;

    private readonly float[] _query = new float[3 * 8 * 8];

    public ReplayWorld()
    {
        Folder.WritePictures("set", 0, Pictures);
        Folder.Write("query.png", TestPictures.Png(2, 8, 8));
        new NoiseSource(77).Normal(new(NoisePurpose.SamplingStart, 0, 0), _query);
        Set = TrainingSetLoader.Load(Folder.At("set"), new(), null, CancellationToken.None);
        Train("model", Options);
        Train("clipped", Clipped);
        Train("part", Options with { Part = 0.6, PartSeed = 3 });
    }

    internal static TrainingOptions Options { get; } =
        new()
        {
            Steps = 60,
            BatchSize = 4,
            LearningRate = 4e-3,
            WarmupSteps = 5,
            EmaDecay = 0.9,
            WeightDecay = 1e-2,
            FinalLearningRate = 0.3,
            KeepState = 0.5,
            Seed = 11,
        };

    /// <summary>Every gradient is too long.</summary>
    internal static TrainingOptions Clipped { get; } = Options with { GradientClip = 0.05 };

    internal TempFolder Folder { get; } = new();

    internal TrainingSet Set { get; }

    /// <summary>Weights of a model's folder, or those of another start where it has none.</summary>
    internal static IDiffusionModel Load(string path)
    {
        var model = new TinyUnet(5);
        var weights = Path.Combine(path, "weights.safetensors");
        if (!File.Exists(weights))
            return model;
        using var file = SafetensorsFile.Open(weights);
        using var noGradient = no_grad();
        foreach (var (name, parameter) in model.Network.named_parameters())
            file.CopyTo(name, parameter);
        return model;
    }

    internal TrainingReplay Replay(string name, int threads = 1) =>
        new(() => new TinyUnet(5), Folder.At(name), Set, TrainingRecord.Read(Folder.At(name)), threads);

    /// <summary>The trained weights of a model, flat.</summary>
    internal Tensor Weights(string name)
    {
        using var model = Load(Folder.At(name));
        return Flat(model);
    }

    internal static Tensor Flat(IDiffusionModel model) =>
        cat([.. TrainedParameters.Of(model).Select(trained => trained.Tensor.detach().flatten())]);

    /// <summary>ℓ_q at weights, over some timesteps, and its gradient.</summary>
    internal (double Loss, Tensor Gradient) QueryLoss(Tensor weights)
    {
        using var model = new TinyUnet(5);
        TrainedParameters.Copy(weights, model);
        var picture = tensor(_query, [1, 3, 8, 8]).clamp(-1, 1);
        return Loss(model, picture, [100, 300, 500, 700], draw: 1000);
    }

    /// <summary>A mean loss over timesteps, under the noise that attribution draws, and its gradient.</summary>
    internal static (double Loss, Tensor Gradient) Loss(IDiffusionModel model, Tensor clean, int[] timesteps, int draw)
    {
        var source = new NoiseSource(0);
        var numbers = tensor(timesteps.Select(t => (long)t).ToArray());
        var noise = stack(
            timesteps.Select(t => source.Normal(new(NoisePurpose.Attribution, t, draw), new ImageShape(3, 8, 8)))
        );
        var repeated = clean.expand_as(noise);
        var prediction = model.Predict(model.Process.AddNoise(repeated, noise, numbers), numbers, null);
        var errors = prediction - model.Process.Target(repeated, noise, numbers);
        var loss = errors.square().mean();
        Tensor[] parameters = [.. model.Network.parameters()];
        var gradient = cat([.. autograd.grad([loss], parameters).Select(g => g.flatten())]);
        return (errors.detach().to_type(float64).square().mean().item<double>(), gradient);
    }

    public void Dispose() => Folder.Dispose();

    private void Train(string name, TrainingOptions options) =>
        new Trainer(() => new TinyUnet(3), _ => Set, options, 2).Train(
            Folder.At(name),
            halfPrecision: false,
            progress: null,
            CancellationToken.None
        );
}
