using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Training;
using DasAudit.Safetensors;

namespace DasAudit.Core.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingOptions Options = new()
    {
        Steps = 12,
        BatchSize = 20,
        CheckpointEvery = 5,
        WarmupSteps = 3,
        LearningRate = 5e-3,
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_weights_do_not_depend_on_the_number_of_threads() =>
        Assert.Equal(Train("one", 1), Train("three", 3));

    [Fact]
    public void An_interrupted_run_goes_on_to_the_same_weights()
    {
        var straight = Train("straight", 1);
        using var cancellation = new CancellationTokenSource();
        var progress = new Reporter(p =>
        {
            if (p.Done == 7)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(Options, 1).Train(Folder("stopped"), false, progress, cancellation.Token)
        );
        Assert.True(File.Exists(Path.Combine(Folder("stopped"), Core.Training.Trainer.StateFile)));

        var first = 0L;
        Trainer(Options, 1)
            .Train(
                Folder("stopped"),
                false,
                new Reporter(p => first = first == 0 ? p.Done : first),
                CancellationToken.None
            );

        Assert.Equal(8, first);
        Assert.Equal(straight, File.ReadAllBytes(Weights("stopped")));
        Assert.False(File.Exists(Path.Combine(Folder("stopped"), Core.Training.Trainer.StateFile)));
    }

    [Fact]
    public void Checkpoints_on_the_way_are_kept_with_second_moments_and_are_the_same_after_an_interruption()
    {
        var options = Options with { Keep = [0.25, 0.5] };
        Trainer(options, 1).Train(Folder("straight"), false, null, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(options, 2)
                .Train(
                    Folder("stopped"),
                    false,
                    new Reporter(p => (p.Done == 5 ? cancellation : null)?.Cancel()),
                    cancellation.Token
                )
        );
        Trainer(options, 1).Train(Folder("stopped"), false, null, CancellationToken.None);

        var (kept, again) = (TrainingCheckpoint.Find(Folder("straight")), TrainingCheckpoint.Find(Folder("stopped")));
        Assert.Equal([3, 6], kept.Select(checkpoint => checkpoint.Step));
        Assert.Equal(options.LearningRateAt(6), kept[1].LearningRate, 1e-12);
        foreach (var (one, other) in kept.Zip(again))
        {
            foreach (var file in new[] { "weights.safetensors", "second-moments.safetensors", "checkpoint.json" })
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(one.Folder, file)),
                    File.ReadAllBytes(Path.Combine(other.Folder, file))
                );
        }

        using var moments = SafetensorsFile.Open(kept[1].SecondMoments);
        using var model = new TinyUnet();
        foreach (var (name, parameter) in model.Network.named_parameters())
        {
            using var values = moments.Read(name);
            Assert.Equal(parameter.shape, values.shape);
            Assert.True(values.min().item<float>() >= 0 && values.max().item<float>() > 0);
        }

        Assert.NotEqual(
            File.ReadAllBytes(Path.Combine(kept[0].Folder, "weights.safetensors")),
            File.ReadAllBytes(Weights("straight"))
        );
        // The run itself is not changed by keeping.
        Assert.Equal(Train("none", 1), File.ReadAllBytes(Weights("straight")));
    }

    [Fact]
    public void A_checkpoint_without_its_place_in_the_run_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(Folder("m"), "checkpoints", "0000001"));
        Assert.Empty(TrainingCheckpoint.Find(Folder("m")));
        File.WriteAllText(Path.Combine(Folder("m"), "checkpoints", "0000001", "checkpoint.json"), "{}");
        Assert.Contains(
            "checkpoint.json",
            Assert.Throws<AuditException>(() => TrainingCheckpoint.Find(Folder("m"))).Message
        );
    }

    [Fact]
    public void A_run_with_other_settings_does_not_go_on()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(Options, 1).Train(Folder("x"), false, null, cancellation.Token)
        );

        var error = Assert.Throws<AuditException>(() =>
            Trainer(Options with { LearningRate = 1e-4 }, 1).Train(Folder("x"), false, null, CancellationToken.None)
        );
        Assert.Contains("LearningRate", error.Message);
    }

    [Fact]
    public void Training_lowers_the_loss()
    {
        var losses = new List<double>();
        var progress = new Reporter(p =>
            losses.Add(double.Parse(p.Note![5..], System.Globalization.CultureInfo.InvariantCulture))
        );
        Trainer(Options with { Steps = 150 }, 2).Train(Folder("long"), false, progress, CancellationToken.None);
        Assert.True(losses[^1] < 0.75 * losses[0], $"{losses[0]} → {losses[^1]}");
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_a_sentence()
    {
        var error = Assert.Throws<AuditException>(() =>
            Trainer(Options with { LearningRate = 1e30, GradientClip = 1e30, Steps = 50 }, 1)
                .Train(Folder("nan"), false, null, CancellationToken.None)
        );
        Assert.Contains("{learning-rate}", error.Message);
    }

    [Fact]
    public void The_learning_rate_warms_up_and_decays_to_its_end()
    {
        var options = new TrainingOptions
        {
            Steps = 1000,
            WarmupSteps = 100,
            LearningRate = 1,
            FinalLearningRate = 0.1,
        };
        Assert.Equal(0.01, options.LearningRateAt(0), 1e-12);
        Assert.Equal(1, options.LearningRateAt(100), 1e-12);
        Assert.Equal(0.55, options.LearningRateAt(550), 1e-12);
        Assert.Equal(0.1, options.LearningRateAt(1000), 1e-12);
    }

    [Fact]
    public void Every_epoch_shows_every_picture_once()
    {
        var batches = new TrainingBatches(Set(), new NoiseSource(4), 5);
        var epochs = Enumerable
            .Range(0, 10)
            .SelectMany(batches.Samples)
            .Select(sample => sample.Item.Index)
            .Chunk(25)
            .ToArray();
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 25), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
    }

    private byte[] Train(string name, int threads)
    {
        Trainer(Options, threads).Train(Folder(name), false, null, CancellationToken.None);
        return File.ReadAllBytes(Weights(name));
    }

    private static Trainer Trainer(TrainingOptions options, int threads) =>
        new(() => new TinyUnet(3), _ => Set(), options, threads);

    private string Folder(string name) => _folder[name];

    private string Weights(string name) => Path.Combine(Folder(name), "weights.safetensors");

    private static TrainingSet Set()
    {
        var items = Enumerable
            .Range(0, 25)
            .Select(i => new TrainingItem
            {
                Index = i,
                Path = $"{i:00}.png",
                Sha256 = new string((char)('a' + i % 6), 64),
                PixelSha256 = i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
                Width = 8,
                Height = 8,
            })
            .ToList();
        return new(
            "memory",
            items,
            [],
            item => new Picture(
                8,
                8,
                [.. Enumerable.Range(0, 8 * 8 * 3).Select(p => (byte)((p * (item.Index + 1) * 7) % 256))]
            )
        );
    }

    private sealed class Reporter(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }
}
