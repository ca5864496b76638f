using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Training;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

/// <summary>
/// A folder of grey pictures and of models trained on parts of them: linear ones of one grey pixel, whose losses are
/// known in closed form.
/// </summary>
internal sealed class RetrainedWorld : IDisposable
{
    internal const int Pictures = 5;
    private const int Query = 90;

    public RetrainedWorld()
    {
        for (var i = 0; i < Pictures; i++)
            WriteGrey($"set/p{i}.png", 40 * (i + 1));
        WriteGrey("query.png", Query);
        WriteGrey("others/q.png", 150);
        foreach (var (m, part) in Parts.Index())
            WriteModel($"models/{m}", part);
    }

    /// <summary>What each model saw.</summary>
    internal static IReadOnlyList<int[]> Parts { get; } =
    [
        [0, 1],
        [1, 2],
        [2, 0],
        [0, 1, 3],
        [2, 3],
        [1],
    ];

    internal TempFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    internal TestAudit Request(params string[] ids) =>
        TestAudit.Of(Folder, ids) with
        {
            Adapter = new TinyAdapter(Load),
            Gradients = new()
            {
                Timesteps = 3,
                Replicates = 2,
                Seed = 7,
            },
            Retrained = ["models"],
        };

    internal void AssertRefused(params string[] texts)
    {
        var message = Request("datamodel").Refusal();
        Assert.All(texts, text => Assert.Contains(text, message, StringComparison.Ordinal));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    internal void WriteGrey(string path, int value) =>
        Folder.Write(path, PictureWriter.Png(new(2, 2, [.. Enumerable.Repeat((byte)value, 12)])));

    /// <summary>A model whose weights its path's last character chooses; no part is the whole set as it is.</summary>
    internal void WriteModel(string path, int[]? part)
    {
        var set = TrainingSetLoader.Load(Folder.At("set"), new(), null, TestContext.Current.CancellationToken);
        Folder.Write($"{path}/theta.json", JsonSerializer.Serialize(Theta(path[^1] - '0')));
        TrainingRecord
            .Of(
                set,
                takesCaptions: false,
                new() { Part = part?.Length / 5.0 },
                part?.Select(i => set.Items[i]).ToList()
            )
            .Write(Folder.At(path));
    }

    internal string Hash(int model)
    {
        using var loaded = Load(Folder.At($"models/{model}"));
        return ModelSource.Hash(loaded);
    }

    /// <summary>E (θᵀψ(x_t) − x₀)² of the query under a model, over three timesteps and two noise draws.</summary>
    internal static double Loss(int model)
    {
        var (theta, source, schedule) = (Theta(model), new NoiseSource(7), NoiseSchedule.Linear(1000));
        double clean = (Query / 255f - 0.5f) / 0.5f;
        var sum = 0.0;
        foreach (var t in new[] { 166, 500, 833 })
        {
            for (var r = 0; r < 2; r++)
            {
                var noise = new float[1];
                source.Normal(new(NoisePurpose.Attribution, t, r), noise);
                using var noisy = schedule.AddNoise(
                    torch.tensor((float)clean).view(1, 1, 1, 1),
                    torch.tensor(noise).view(1, 1, 1, 1),
                    torch.tensor(new long[] { t })
                );
                var error =
                    LinearModel.Psi(noisy.item<float>()).Zip(theta, (psi, weight) => psi * weight).Sum() - clean;
                sum += error * error;
            }
        }

        return sum / 6;
    }

    internal static IDiffusionModel Load(string path)
    {
        if (File.Exists(Path.Combine(path, "kind")))
            return new TinyUnet(3);
        var theta = Path.Combine(path, "theta.json");
        if (File.Exists(Path.Combine(path, "schedule")))
            return new FiledModel(Theta(3), null) { MostNoise = 0.05 };
        return File.Exists(theta)
            ? new FiledModel(JsonSerializer.Deserialize<double[]>(File.ReadAllText(theta))!, theta)
            : new FiledModel(Theta(9), null);
    }

    private static double[] Theta(int model) =>
        [
            .. Enumerable
                .Range(0, LinearModel.Features)
                .Select(j => Math.Sin(1.3 * model + 0.9 * j) * (0.5 + 0.3 * model)),
        ];

    private sealed class FiledModel(double[] theta, string? file) : IDiffusionModel
    {
        private readonly LinearModel _model = new(theta);

        public torch.nn.Module Network => _model.Network;

        /// <summary>The last beta of another schedule than the linear model's own; null for that.</summary>
        public double? MostNoise { get; init; }

        public IForwardProcess Process =>
            MostNoise is { } end
                ? new DiscreteDiffusion(
                    NoiseSchedule.Linear(_model.Process.TrainTimesteps, 1e-4, end),
                    PredictionType.Sample
                )
                : _model.Process;

        public ImageShape PictureShape => _model.PictureShape;

        public IReadOnlyList<string> Files => file is null ? [] : [file];

        public torch.Tensor Predict(torch.Tensor noisy, torch.Tensor timesteps, ConditionTensors? condition = null) =>
            _model.Predict(noisy, timesteps, condition);

        public void Dispose() => _model.Dispose();
    }
}
