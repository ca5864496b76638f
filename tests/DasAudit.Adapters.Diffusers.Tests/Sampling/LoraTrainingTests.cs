using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Tests.Latent;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using DasAudit.Core.Training;
using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.Tests.Sampling;

/// <summary>Training of a LoRA on a tiny Stable Diffusion and a tiny SDXL.</summary>
public sealed class LoraTrainingTests : IDisposable
{
    private const string LoraFileName = "pytorch_lora_weights.safetensors";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sd-lora-tiny", false)]
    [InlineData("sd-lora-tiny", true)]
    [InlineData("sdxl-tiny", false)]
    [InlineData("sdxl-tiny", true)]
    public void A_stopped_run_goes_on_to_the_same_bytes(string name, bool textEncoders)
    {
        Train(name, "straight", textEncoders, threads: 2);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(name, "stopped", textEncoders, 1, cancellation));
        Train(name, "stopped", textEncoders, threads: 1);

        foreach (var file in (string[])[LoraFileName, $"checkpoints/0000003/{LoraFileName}"])
            Assert.Equal(File.ReadAllBytes(_folder[$"straight/{file}"]), File.ReadAllBytes(_folder[$"stopped/{file}"]));
        using var weights = SafetensorsFile.Open(_folder[$"straight/{LoraFileName}"]);
        Assert.Equal(
            textEncoders,
            weights.Names.Any(tensor => tensor.StartsWith("text_encoder", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void What_was_trained_lowers_the_loss_and_makes_other_pictures()
    {
        var losses = Train("sd-lora-tiny", "trained", textEncoders: false, threads: 2, steps: 60);
        var (early, late) = (losses.Take(10).Average(), losses.TakeLast(10).Average());
        Assert.True(late < 0.95 * early, $"{early} → {late}");

        byte[] Picture(params IReadOnlyList<LoraFile> loras)
        {
            using var pool = new ModelPool(() => LatentModelTests.Load("sd-lora-tiny", new() { Loras = loras }));
            var generator = new PictureGenerator(pool, new() { Steps = 3 }, 1);
            return generator.Generate([4], new(null, "a photo of a cat"), null, CancellationToken.None)[0].Rgb;
        }

        var trained = Picture(new LoraFile(_folder["trained"]));
        Assert.Equal(trained, Picture(new LoraFile(_folder["trained"])));
        Assert.NotEqual(trained, Picture());
    }

    private List<double> Train(
        string name,
        string folder,
        bool textEncoders,
        int threads,
        CancellationTokenSource? cancellation = null,
        int steps = 6
    )
    {
        var lora = new NewLora
        {
            Rank = 2,
            Alpha = 2,
            TextEncoders = textEncoders,
        };
        var options = TrainingOptions.LoraDefaults with
        {
            Steps = steps,
            BatchSize = 3,
            LearningRate = 1e-2,
            WarmupSteps = 1,
            Keep = [0.5],
            CaptionDropout = 0.2,
            LossWeight = LossWeight.MinSnr,
            Lora = lora,
        };
        var losses = new List<double>();
        var progress = new Reporter(value =>
        {
            if (value.Notice is not null)
                return;
            losses.Add(double.Parse(value.Note![5..], CultureInfo.InvariantCulture));
            if (value.Done == 4)
                cancellation?.Cancel();
        });
        new Trainer(() => LatentModelTests.Load(name, new() { NewLora = lora }), _ => Set(), options, threads).Train(
            _folder[folder],
            false,
            progress,
            cancellation?.Token ?? CancellationToken.None
        );
        return losses;
    }

    private static TrainingSet Set()
    {
        var items = Enumerable
            .Range(0, 4)
            .Select(i => new TrainingItem
            {
                Index = i,
                Path = $"{i:00}.png",
                Sha256 = new string((char)('a' + i), 64),
                PixelSha256 = i.ToString("x64", CultureInfo.InvariantCulture),
                Width = 32,
                Height = 32,
                Metadata = PictureMetadata.None with { Caption = i == 3 ? "" : $"a photo of a cat, number {i}" },
            });
        return new("memory", [.. items], [], item => TestPictures.Pattern(item.Index + 1, 32, 32));
    }

    private sealed class Reporter(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }
}
