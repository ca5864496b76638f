using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Devices;

/// <summary>
/// What work costs on a GPU beside a plain forward and backward pass of the same model and rows: wall-clock time of
/// ways that are run in turn in one process, median of several rounds. <c>exact</c>, <c>both</c> and <c>logra</c> are
/// features as audits take them, of one and of two output functions; <c>tf32</c>, <c>bf16</c> and <c>f16</c> are
/// <c>exact</c> in these numbers, with the correlation of the features' Gram matrix with that of <c>exact</c>.
/// </summary>
internal static class DeviceBenchmark
{
    private const int Rounds = 5;
    private const int Timesteps = 10;
    private const int GramPictures = 24;
    private const int PlainRows = 256;

    private static readonly (
        string Mode,
        string Projection,
        GradientPrecision Precision,
        FeatureKind[] Kinds
    )[] Modes =
    [
        ("exact", "sjlt:4096", GradientPrecision.Full, [FeatureKind.UnitMean]),
        ("both", "sjlt:4096", GradientPrecision.Full, [FeatureKind.UnitMean, FeatureKind.UnitLoss]),
        ("logra", "logra:16x8", GradientPrecision.Full, [FeatureKind.UnitMean]),
        ("bf16", "sjlt:4096", GradientPrecision.BFloat16, [FeatureKind.UnitMean]),
        ("f16", "sjlt:4096", GradientPrecision.Half, [FeatureKind.UnitMean]),
        ("tf32", "sjlt:4096", GradientPrecision.TensorFloat32, [FeatureKind.UnitMean]),
    ];

    /// <summary>Whether it names a model or a way.</summary>
    public static bool IsName(string text) => GradientModels.IsName(text) || IsMode(text);

    /// <param name="names">Models and ways; all that are not named if none is.</param>
    public static void Run(string deviceName, string[] names, bool json)
    {
        var device = new Device(deviceName);
        DeviceNumbers.Begin(device.type);
        TorchThreads.Use(device.type == DeviceType.CPU ? 1 : Environment.ProcessorCount);
        string[] models = [.. names.Where(name => !IsMode(name))];
        string[] modes = names.Any(IsMode) ? [.. names.Where(IsMode)] : [.. Modes.Select(mode => mode.Mode)];
        Output.WriteHeader(
            json,
            $"{"model", -17} {"mode", -8} {"rows", 5} {"ms/row", 9} {"ratio", 7} {"Gram", 9} same bits"
        );
        foreach (var name in models.Length > 0 ? models : ["unet-64-128@32", "unet-cifar10"])
        foreach (var result in Measure(name, modes, device))
            Output.Write(
                json,
                result,
                $"{result.Model, -17} {result.Mode, -8} {result.Rows, 5} {result.MsPerRow, 9:F4} {result.Ratio, 7:F2}",
                $"{result.GramCorrelation, 9:F6} {result.HasSameBits}"
            );
    }

    private static bool IsMode(string text) => text == "plain" || Modes.Any(mode => mode.Mode == text);

    private static List<DeviceResult> Measure(string name, string[] modes, Device device)
    {
        using var scope = NewDisposeScope();
        using var plain = new PlainPass(GradientModels.Load(name, device), device);
        var ways = Modes
            .Where(mode => modes.Contains(mode.Mode))
            .Where(mode => device.type != DeviceType.CPU || mode.Precision != GradientPrecision.TensorFloat32)
            .Select(mode => new DeviceWay(name, device, mode))
            .ToList();
        var rows = ways.Count > 0 ? ways[0].Rows : PlainRows;
        List<(string Mode, DeviceWay? Way, Action Run)> runs = [("plain", null, () => plain.Run(rows))];
        runs.AddRange(ways.Select(way => (way.Mode, (DeviceWay?)way, (Action)way.Run)));
        foreach (var run in runs)
            Seconds(run.Run, device);
        var times = runs.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        for (var i = 0; i < runs.Count; i++)
            times[i].Add(Seconds(runs[i].Run, device) * 1000 / (runs[i].Way?.Rows ?? rows));
        var reference = ways.Find(way => way.Mode == "exact")?.Features(GramPictures);
        var results = runs.Select((run, i) => Result(run.Mode, run.Way, times[i])).ToList();
        ways.ForEach(way => way.Dispose());
        return results;

        DeviceResult Result(string mode, DeviceWay? way, List<double> milliseconds)
        {
            var ratio = Median([.. milliseconds.Zip(times[0], (time, pass) => time / pass)]);
            var isReduced = mode is "bf16" or "f16" or "tf32";
            double? gram =
                isReduced && reference is not null
                    ? DeviceWay.GramCorrelation(reference, way!.Features(GramPictures))
                    : null;
            return new(name, mode, way?.Rows ?? rows, Math.Round(Median(milliseconds), 4), Math.Round(ratio, 3), gram)
            {
                HasSameBits = way?.HasSameBits(GramPictures),
            };
        }
    }

    /// <summary>Wall-clock seconds until the device has finished.</summary>
    internal static double Seconds(Action run, Device device)
    {
        var watch = Stopwatch.StartNew();
        run();
        if (device.type == DeviceType.CUDA)
            cuda.synchronize();
        return watch.Elapsed.TotalSeconds;
    }

    internal static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A plain pass: weights require gradients, which sum over the rows.</summary>
    private sealed class PlainPass : IDisposable
    {
        private readonly IDiffusionModel _model;
        private readonly Device _device;

        public PlainPass(IDiffusionModel model, Device device)
        {
            (_model, _device) = (model, device);
            AttributedParameters.Select(model, null).RequireGradients(true);
        }

        public void Run(int rows)
        {
            using var scope = NewDisposeScope();
            var shape = _model.SampleShape;
            var noisy = randn([rows, shape.Channels, shape.Height, shape.Width], device: _device);
            var timesteps = randint(_model.Process.TrainTimesteps, [rows], dtype: int64, device: _device);
            _model.Predict(noisy, timesteps).mean().backward();
            _model.Network.zero_grad();
        }

        public void Dispose() => _model.Dispose();
    }

    /// <summary>Features of whole batches.</summary>
    private sealed class DeviceWay : IDisposable
    {
        private readonly DeviceExtractor _extractor;
        private readonly GradientOptions _options;
        private readonly ModelPool _pool;
        private readonly Device _device;
        private readonly int _rows;

        public DeviceWay(
            string name,
            Device device,
            (string Mode, string Projection, GradientPrecision Precision, FeatureKind[] Kinds) mode
        )
        {
            _device = device;
            Mode = mode.Mode;
            _options = new()
            {
                Kinds = mode.Kinds,
                Timesteps = Timesteps,
                Replicates = 1,
                Projection = ProjectionOptions.Parse(mode.Projection),
                Precision = mode.Precision,
            };
            _pool = new(() => GradientModels.Load(name, device));
            _extractor = new(_pool.LoadToChange(), _options);
            var memory = _extractor.Prepare(null);
            if (_extractor.Fault is { } fault)
                throw new AuditException($"{Mode}: {fault}");
            _rows = memory.Fit(device.type, threads: 1, budget: null).Rows;
            Rows = Math.Max(1, _rows / Timesteps) * Timesteps;
        }

        public string Mode { get; }

        /// <summary>Of a batch.</summary>
        public int Rows { get; }

        public void Run()
        {
            using var numbers = Numbers();
            _extractor.RunBatch(null, _rows);
        }

        /// <summary>The features of pictures of noise.</summary>
        public float[][] Features(int pictures) => Features([.. Enumerable.Range(0, pictures)]);

        /// <summary>Whether every second picture has the same bits in another place and other company.</summary>
        public bool HasSameBits(int pictures)
        {
            int[] all = [.. Enumerable.Range(0, pictures)];
            int[] some = [.. all.Where(picture => picture % 2 == 1).Reverse()];
            var ofAll = Features(all);
            return some.Zip(Features(some)).All(pair => ofAll[pair.First].AsSpan().SequenceEqual(pair.Second));
        }

        /// <summary>Correlation of the features' inner products, of all pairs.</summary>
        public static double GramCorrelation(float[][] a, float[][] b) =>
            Math.Round(MathNet.Numerics.Statistics.Correlation.Pearson(Gram(a), Gram(b)), 6);

        public void Dispose()
        {
            _extractor.Dispose();
            _pool.Dispose();
        }

        private float[][] Features(int[] pictures)
        {
            var features = new float[pictures.Length][];
            var length = _extractor.Batches.Model.PictureShape.Length;
            using var numbers = Numbers();
            _extractor.Run(
                [.. pictures.Select(i => new Core.Models.ModelPicture($"{i}", () => Values(i, length)))],
                _rows,
                (index, feature) => features[index] = feature.Rows[_options.Kinds[0]][0],
                CancellationToken.None
            );
            return features;
        }

        private DeviceNumbers? Numbers() =>
            _options.Precision == GradientPrecision.TensorFloat32 ? DeviceNumbers.UseTensorFloat32(_device.type) : null;

        // Row by row above the diagonal.
        private static double[] Gram(float[][] features) =>
            [
                .. from a in Enumerable.Range(0, features.Length)
                from b in Enumerable.Range(0, a)
                select (double)System.Numerics.Tensors.TensorPrimitives.Dot<float>(features[a], features[b]),
            ];

        private static float[] Values(int seed, int length)
        {
            var values = new float[length];
            new NoiseSource(seed).Normal(new(NoisePurpose.SamplingStart, 0, 0), values);
            return [.. values.Select(value => Math.Clamp(value / 2, -1, 1))];
        }
    }
}

/// <summary>One line of the result.</summary>
/// <param name="Model">The U-Net, by channels and side.</param>
/// <param name="Mode">The way.</param>
/// <param name="Rows">Of a batch.</param>
/// <param name="MsPerRow">Wall-clock milliseconds a row.</param>
/// <param name="Ratio">To <c>plain</c>, median of the rounds' ratios.</param>
/// <param name="GramCorrelation">With the Gram matrix of <c>exact</c>; only of other precisions.</param>
internal sealed record DeviceResult(
    string Model,
    string Mode,
    int Rows,
    double MsPerRow,
    double Ratio,
    double? GramCorrelation
)
{
    /// <summary>Whether pictures' features have the same bits in any place and company; not of <c>plain</c>.</summary>
    public bool? HasSameBits { get; init; }
}
