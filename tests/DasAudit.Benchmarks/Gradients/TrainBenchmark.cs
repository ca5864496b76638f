using DasAudit.Abstractions;
using DasAudit.Benchmarks.Devices;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using DasAudit.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>
/// What a training step costs beside the forward and backward pass of its batch: processor time, of ways that are run
/// in turn in one process, median of many rounds, on one thread. <c>plain</c> is the pass of one batch of 16 for the
/// mean squared error; <c>whole</c> a step of training whose batch is one shard: pictures, noise, timesteps, pass,
/// clipping, AdamW, moving average; <c>shards</c> the same as <c>das-audit train</c> does it, whatever its number of
/// threads. <c>pytorch_step.py</c> measures the same of PyTorch. On a GPU wall-clock time counts, of batches of 64.
/// </summary>
internal static class TrainBenchmark
{
    private const int Pictures = 256;
    private const int BatchOnDevice = 64;
    private const int StepsARound = 5;
    private const int MostRounds = 41;
    private const int LeastRounds = 9;
    private const double SecondsAModel = 60;

    private static readonly string[] Models = ["unet-32-64@16", "unet-16-32-32@16"];

    public static void Run(string[] names, bool json, Device device)
    {
        DeviceNumbers.Begin(device.type);
        TorchThreads.Use(1);
        Output.WriteHeader(json, $"{"model", -17} {"parameters", 10} {"mode", -6} {"ms/step", 8} {"ratio", 6}");
        foreach (var name in names.Length > 0 ? names : Models)
        {
            foreach (var result in Measure(name, device))
            {
                Output.Write(
                    json,
                    result,
                    $"{result.Model, -17} {result.Parameters, 10} {result.Mode, -6} {result.MsPerStep, 8:F2}",
                    $"{result.Ratio, 6:F3}"
                );
            }
        }
    }

    private static List<TrainResult> Measure(string name, Device device)
    {
        using var scope = NewDisposeScope();
        using var plain = GradientModels.Load(name, device);
        var isOnProcessor = device.type == DeviceType.CPU;
        var options = isOnProcessor ? new TrainingOptions() : new TrainingOptions { BatchSize = BatchOnDevice };
        using var whole = new StepRun(name, options with { ShardSize = options.BatchSize }, device);
        using var shards = new StepRun(name, options, device);
        var batch = new PlainBatch(plain, options.BatchSize, device);
        (string Mode, Action Run)[] ways =
        [
            ("plain", batch.Run),
            ("whole", () => whole.Steps.Advance()),
            ("shards", () => shards.Steps.Advance()),
        ];
        // Once through all pictures, so that each is read.
        for (var step = 0; step < Pictures / options.BatchSize; step++)
            Array.ForEach(ways, way => way.Run());

        var times = ways.Select(_ => new List<double>()).ToArray();
        var spent = 0.0;
        var rounds = isOnProcessor ? MostRounds : LeastRounds;
        for (var round = 0; round < rounds && (round < LeastRounds || spent < SecondsAModel); round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var seconds = isOnProcessor
                    ? ProcessMeasures.Seconds(() => Steps(ways[i].Run))
                    : DeviceBenchmark.Seconds(() => Steps(ways[i].Run), device);
                spent += seconds;
                times[i].Add(seconds * 1000 / StepsARound);
            }
        }

        var parameters = plain.Network.parameters().Sum(parameter => parameter.numel());
        return [.. ways.Select((way, i) => Result(way.Mode, times[i]))];

        static void Steps(Action run)
        {
            for (var step = 0; step < StepsARound; step++)
                run();
        }

        TrainResult Result(string mode, List<double> milliseconds)
        {
            var ratio = Median(milliseconds.Zip(times[0], (step, pass) => step / pass));
            return new(name, parameters, mode, Math.Round(Median(milliseconds), 2), Math.Round(ratio, 3));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed class PlainBatch(IDiffusionModel model, int size, Device device)
    {
        private readonly Tensor _noisy = Random(model, size, device);
        private readonly Tensor _target = Random(model, size, device);
        private readonly Tensor _timesteps = randint(
            model.Process.TrainTimesteps,
            [size],
            dtype: int64,
            device: device
        );

        private static Tensor Random(IDiffusionModel model, int size, Device device)
        {
            var shape = model.SampleShape;
            return randn([size, shape.Channels, shape.Height, shape.Width], device: device);
        }

        public void Run()
        {
            using var scope = NewDisposeScope();
            model.Network.train();
            (model.Predict(_noisy, _timesteps) - _target).square().mean().backward();
            model.Network.zero_grad();
        }
    }

    private sealed class StepRun : IDisposable
    {
        private readonly IDiffusionModel _model;
        private readonly TrainingState _state;
        private readonly TrainingInputs _inputs;

        public StepRun(string name, TrainingOptions options, Device device)
        {
            _model = GradientModels.Load(name, device);
            _state = new(_model, options);
            var set = Set(_model.PictureShape);
            _inputs = new(set, new(_model, set.Resize));
            var batches = new TrainingBatches(set, new NoiseSource(options.Seed), options.BatchSize);
            Steps = new(() => GradientModels.Load(name, device), _state, batches, _inputs, options, threads: 1);
        }

        public TrainingSteps Steps { get; }

        public void Dispose()
        {
            Steps.Dispose();
            _inputs.Dispose();
            _state.Dispose();
            _model.Dispose();
        }

        private static TrainingSet Set(ImageShape shape)
        {
            var items = Enumerable
                .Range(0, Pictures)
                .Select(index => new TrainingItem
                {
                    Index = index,
                    Path = $"{index}.png",
                    Sha256 = new string('0', 64),
                    PixelSha256 = new string('0', 64),
                    Width = shape.Width,
                    Height = shape.Height,
                })
                .ToList();
            return new("memory", items, [], item => Picture(shape, item.Index));
        }

        private static Picture Picture(ImageShape shape, int seed)
        {
            var rgb = new byte[shape.Width * shape.Height * 3];
            for (var i = 0; i < rgb.Length; i++)
                rgb[i] = (byte)(i * (seed + 1) * 7);
            return new(shape.Width, shape.Height, rgb);
        }
    }
}

/// <summary>One line of the result.</summary>
/// <param name="Model">The U-Net, by channels and side.</param>
/// <param name="Parameters">How many it has.</param>
/// <param name="Mode">The way.</param>
/// <param name="MsPerStep">Milliseconds a batch: of the processor, or of a clock if a GPU computes.</param>
/// <param name="Ratio">To <c>plain</c>, median of the rounds' ratios.</param>
internal sealed record TrainResult(string Model, long Parameters, string Mode, double MsPerStep, double Ratio);
