using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Training;
using DasAudit.Safetensors;

namespace DasAudit.Core.Tests.Training;

/// <summary>Training of a part of a latent network's parameters, on captions.</summary>
public sealed class LoraTrainingTests : IDisposable
{
    private static readonly TrainingOptions Options = TrainingOptions.LoraDefaults with
    {
        Steps = 12,
        BatchSize = 5,
        CheckpointEvery = 5,
        WarmupSteps = 2,
        LearningRate = 1e-2,
        CaptionDropout = 0.3,
        NoiseOffset = 0.1,
        LossWeight = LossWeight.MinSnr,
        MinSnrGamma = 5,
        Lora = new() { Rank = 2, Alpha = 2 },
    };

    private readonly TempFolder _folder = new();
    private readonly List<TinyTextModel> _models = [];
    private readonly List<string> _notices = [];
    private string _base = "base";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupted_run_goes_on_to_the_same_bytes_with_any_number_of_threads(bool trainsText)
    {
        Train("straight", Options, trainsText, threads: 3);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Train("stopped", Options, trainsText, 1, p => (p.Done == 7 ? cancellation : null)?.Cancel(), cancellation)
        );
        Train("stopped", Options, trainsText, threads: 1);

        Assert.Equal(Files("straight"), Files("stopped"));
        Assert.Equal(
            ["checkpoint.json", "lora.safetensors", "lora.safetensors", "second-moments.safetensors", "training.json"],
            Files("straight").Keys.Select(path => Path.GetFileName(path)!).Order()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_attributed_parameters_alone_are_trained(bool trainsText)
    {
        Train("out", Options, trainsText, 1);
        using var untrained = new TinyTextModel(trainsText);
        foreach (var (name, parameter) in _models[0].Network.named_parameters())
        {
            var before = untrained.Network.named_parameters().Single(named => named.name == name).parameter;
            var isTrained = name is "lora_down.weight" or "lora_up.weight" || (trainsText && name == "lora_text");
            using var difference = (before - parameter).abs().max();
            Assert.Equal((name, isTrained), (name, difference.item<float>() > 1e-5));
        }

        using var moments = SafetensorsFile.Open(TrainingCheckpoint.Find(_folder["out"])[0].SecondMoments);
        Assert.Equal(["lora_down.weight", "lora_text", "lora_up.weight"], moments.Names.Order());
    }

    [Fact]
    public void Nothing_is_encoded_twice()
    {
        Train("out", Options with { Steps = 40 }, false, 1);
        // Six pictures; their captions, of which two are the same, and no condition.
        Assert.Equal(6, _models.Sum(model => model.EncodedPictures));
        Assert.Equal(6, _models.Sum(model => model.EncodedConditions));
    }

    [Fact]
    public void Texts_are_encoded_at_each_step_where_training_changes_their_encoding()
    {
        Train("out", Options with { Steps = 10 }, true, 1);
        Assert.Equal(6, _models.Sum(model => model.EncodedPictures));
        // Five pictures a step.
        Assert.Equal(50, _models.Sum(model => model.EncodedConditions));
    }

    [Fact]
    public void A_pictures_condition_is_left_out_as_often_as_asked_for()
    {
        using var model = new TinyTextModel();
        var source = new NoiseSource(5);
        var item = Set().Items[0];
        var samples = Enumerable.Range(0, 4000).Select(step => TrainingSample.OfPlace(item, step, 3)).ToList();

        int Dropped(double probability) =>
            samples.Count(sample => sample.Condition(model, ResizeMode.Crop, source, probability).IsNone);

        Assert.Equal(0, Dropped(0));
        Assert.InRange(Dropped(0.1), 330, 470);
        Assert.Equal(4000, Dropped(1));
        Assert.Equal(new Condition(null, "a cat"), samples[0].Condition(model, ResizeMode.Crop, source, 0));
    }

    [Fact]
    public void Offset_noise_shifts_each_channel_as_a_whole()
    {
        var source = new NoiseSource(5);
        var shape = new ImageShape(3, 4, 5);
        var item = Set().Items[0];
        foreach (var sample in new[] { TrainingSample.OfPlace(item, 2, 1), TrainingSample.OfPicture(item, 2) })
        {
            using var plain = sample.DrawNoise(source, shape);
            using var shifted = sample.DrawNoise(source, shape, 0.5);
            using var shifts = (shifted - plain).flatten(1);
            using var spread = shifts.amax([1]) - shifts.amin([1]);
            Assert.InRange(spread.max().item<float>(), 0, 1e-6);
            var values = shifts.select(1, 0).data<float>().ToArray();
            Assert.Equal(3, values.Distinct().Count());
        }

        var drawn = Enumerable
            .Range(0, 500)
            .SelectMany(step =>
            {
                var sample = TrainingSample.OfPlace(item, step, 0);
                using var plain = sample.DrawNoise(source, shape);
                using var shifted = sample.DrawNoise(source, shape, 0.5);
                using var shifts = (shifted - plain).flatten(1).select(1, 0);
                return shifts.data<float>().ToArray();
            })
            .ToList();
        Assert.Equal(0, drawn.Average(), 0.05);
        Assert.Equal(0.25, drawn.Average(shift => shift * shift), 0.03);
    }

    [Theory]
    [InlineData(PredictionType.Epsilon, 5.0)]
    [InlineData(PredictionType.Velocity, 5.0)]
    [InlineData(PredictionType.Sample, 5.0)]
    [InlineData(PredictionType.Epsilon, 1.0)]
    public void Min_snr_weighs_as_in_the_paper(PredictionType type, double gamma)
    {
        var process = new DiscreteDiffusion(NoiseSchedule.ScaledLinear(1000), type);
        var options = new TrainingOptions { LossWeight = LossWeight.MinSnr, MinSnrGamma = gamma };
        foreach (var timestep in new[] { 0, 100, 300, 600, 999 })
        {
            var snr = process.SignalToNoise(timestep);
            var expected =
                Math.Min(snr, gamma)
                / type switch
                {
                    PredictionType.Epsilon => snr,
                    PredictionType.Velocity => snr + 1,
                    _ => 1,
                };
            Assert.Equal(expected, options.WeightAt(timestep, process), 1e-9);
        }
    }

    [Fact]
    public void Min_snr_is_finite_where_the_signal_ends()
    {
        var schedule = NoiseSchedule.ScaledLinear(1000).WithZeroTerminalSnr();
        var options = new TrainingOptions { LossWeight = LossWeight.MinSnr };
        Assert.Equal(1, options.WeightAt(999, new DiscreteDiffusion(schedule, PredictionType.Epsilon)));
        Assert.Equal(0, options.WeightAt(999, new DiscreteDiffusion(schedule, PredictionType.Velocity)));
    }

    [Fact]
    public void What_a_model_cannot_be_trained_for_is_refused()
    {
        string Refusal(IDiffusionModel model, TrainingOptions options)
        {
            using (model)
                return Assert.Throws<AuditException>(() => TrainingRefusals.Check(model, options)).Message;
        }

        Assert.Contains("{lora-rank}", Refusal(new TinyUnet(), new() { Lora = new() }));
        Assert.Contains("{caption-dropout}", Refusal(new TinyUnet(), new() { CaptionDropout = 0.1 }));
        Assert.Contains("{caption-dropout}", Refusal(new TinyTextModel(knowsNone: false), Options));
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_before_the_set_is_read()
    {
        static TrainingSet Read(IDiffusionModel model) => throw new InvalidOperationException("The set was read.");
        var trainer = new Trainer(() => new TinyUnet(), Read, new() { Lora = new() }, threads: 1);
        var error = Assert.Throws<AuditException>(() =>
            trainer.Train(_folder["out"], false, null, CancellationToken.None)
        );
        Assert.Contains("{lora-rank}", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void What_is_lost_of_captions_is_told()
    {
        Train("out", Options with { Steps = 1 }, false, 1);
        Assert.Contains("'illess cat' is cut off.", _notices);
    }

    [Fact]
    public void The_record_says_how_the_lora_was_trained_and_is_read_back()
    {
        Train("out", Options with { Steps = 1 }, false, 1);
        var record = TrainingRecord.Read(_folder["out"]).Options;
        Assert.Equal(Options with { Steps = 1, Keep = record.Keep }, record);
        Assert.Contains("\"modules\": \"Attention\"", File.ReadAllText(_folder["out/training.json"]));
    }

    [Theory]
    [InlineData("NoiseOffset")]
    [InlineData("CaptionDropout")]
    [InlineData("Lora")]
    [InlineData("MinSnrGamma")]
    public void A_run_with_another_setting_does_not_go_on(string name)
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => Train("x", Options, false, 1, null, cancellation));
        var changed = name switch
        {
            "NoiseOffset" => Options with { NoiseOffset = 0 },
            "CaptionDropout" => Options with { CaptionDropout = 0.5 },
            "Lora" => Options with { Lora = Options.Lora! with { Alpha = 1 } },
            _ => Options with { MinSnrGamma = 3 },
        };
        Assert.Contains(name, Assert.Throws<AuditException>(() => Train("x", changed, false, 1)).Message);
    }

    [Fact]
    public void A_run_on_another_base_does_not_go_on()
    {
        _base = "first";
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => Train("x", Options, false, 1, null, cancellation));
        _base = "second";
        Assert.Contains(
            "was started with another BaseModel",
            Assert.Throws<AuditException>(() => Train("x", Options, false, 1)).Message,
            StringComparison.Ordinal
        );
        _base = "first";
        Train("x", Options, false, 1);
        Assert.Equal("first", TrainingRecord.Read(_folder["x"]).BaseSha256);
    }

    private void Train(
        string folder,
        TrainingOptions options,
        bool trainsText,
        int threads,
        Action<StageProgress>? report = null,
        CancellationTokenSource? cancellation = null
    )
    {
        IDiffusionModel Load()
        {
            var model = new TinyTextModel(trainsText);
            _models.Add(model);
            return model;
        }

        var progress = new Reporter(value =>
        {
            if (value.Notice is { } notice)
                _notices.Add(notice);
            report?.Invoke(value);
        });
        var trainer = new Trainer(Load, _ => Set(), options, threads) { BaseHash = _ => _base };
        trainer.Train(_folder[folder], false, progress, cancellation?.Token ?? CancellationToken.None);
    }

    private Dictionary<string, byte[]> Files(string folder) =>
        Directory
            .EnumerateFiles(_folder[folder], "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(_folder[folder], path), File.ReadAllBytes);

    private static TrainingSet Set()
    {
        string[] captions = ["a cat", "a dog", "a cat", "a mouse", "two birds in the sky", "a manx, a tailless cat"];
        var items = captions.Select(
            (caption, i) =>
                new TrainingItem
                {
                    Index = i,
                    Path = $"{i:00}.png",
                    Sha256 = new string((char)('a' + i), 64),
                    PixelSha256 = i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
                    Width = 8,
                    Height = 8,
                    Metadata = PictureMetadata.None with { Caption = caption },
                }
        );
        return new(
            "memory",
            [.. items],
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
