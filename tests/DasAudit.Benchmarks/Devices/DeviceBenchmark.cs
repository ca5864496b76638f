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
    private const int Rounds = 7;
    private const int Timesteps = 10;
    private const int GramPictures = 24;

    public static void Run(string deviceName, string[] names, bool json)
    {
        var device = new Device(deviceName);
        DeviceNumbers.Begin(device.type);
        TorchThreads.Use(device.type == DeviceType.CPU ? 1 : Environment.ProcessorCount);
        Output.WriteHeader(json, $"{"model", -17} {"mode", -8} {"rows", 5} {"ms/row", 9} {"ratio", 7} {"Gram", 9}");
        foreach (var name in names.Length > 0 ? names : ["unet-64-128@32", "unet-cifar10"])
        foreach (var result in Measure(name, device))
            Output.Write(
                json,
                result,
                $"{result.Model, -17} {result.Mode, -8} {result.Rows, 5} {result.MsPerRow, 9:F4} {result.Ratio, 7:F2}",
                $"{result.GramCorrelation, 9:F6}"
            );
    }

    private static List<DeviceResult> Measure(string name, Device device)
    {
        using var scope = NewDisposeScope();
        using var plain = new PlainPass(GradientModels.Load(name).Model, device);
        using var exact = new DeviceWay(name, device, "sjlt:4096", GradientPrecision.Full, FeatureKind.UnitMean);
        var rows = exact.Rows;
        List<DeviceWay> others =
        [
            new(name, device, "sjlt:4096", GradientPrecision.Full, FeatureKind.UnitMean, FeatureKind.UnitLoss),
            new(name, device, "logra:16x8", GradientPrecision.Full, FeatureKind.UnitMean),
            new(name, device, "sjlt:4096", GradientPrecision.BFloat16, FeatureKind.UnitMean),
            new(name, device, "sjlt:4096", GradientPrecision.Half, FeatureKind.UnitMean),
        ];
        var tf32 =
            device.type == DeviceType.CPU
                ? null
                : new DeviceWay(name, device, "sjlt:4096", GradientPrecision.TensorFloat32, FeatureKind.UnitMean);
        (string Mode, DeviceWay? Way, Action Run)[] ways =
        [
            ("plain", null, () => plain.Run(rows)),
            ("exact", exact, exact.Run),
            ("both", others[0], others[0].Run),
            ("logra", others[1], others[1].Run),
            ("bf16", others[2], others[2].Run),
            ("f16", others[3], others[3].Run),
            .. tf32 is null ? [] : new (string, DeviceWay?, Action)[] { ("tf32", tf32, tf32.Run) },
        ];
        foreach (var way in ways)
            Seconds(way.Run, device);
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        for (var i = 0; i < ways.Length; i++)
            times[i].Add(Seconds(ways[i].Run, device) * 1000 / (ways[i].Way?.Rows ?? rows));
        var reference = exact.Gram(GramPictures);
        var results = ways.Select((way, i) => Result(way.Mode, way.Way, times[i])).ToList();
        others.ForEach(way => way.Dispose());
        tf32?.Dispose();
        return results;

        DeviceResult Result(string mode, DeviceWay? way, List<double> milliseconds)
        {
            var ratio = Median([.. milliseconds.Zip(times[0], (time, pass) => time / pass)]);
            var isReduced = mode is "bf16" or "f16" or "tf32";
            double? gram = isReduced ? DeviceWay.Correlation(reference, way!.Gram(GramPictures)) : null;
            return new(name, mode, way?.Rows ?? rows, Math.Round(Median(milliseconds), 4), Math.Round(ratio, 3), gram);
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
            model.Network.to(device);
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
            string projection,
            GradientPrecision precision,
            params FeatureKind[] kinds
        )
        {
            _device = device;
            _options = new()
            {
                Kinds = kinds,
                Timesteps = Timesteps,
                Replicates = 1,
                Projection = ProjectionOptions.Parse(projection),
                Precision = precision,
            };
            _pool = new(() =>
            {
                var model = GradientModels.Load(name).Model;
                model.Network.to(device);
                return model;
            });
            _extractor = new(_pool.LoadToChange(), _options);
            var memory = _extractor.Prepare(null);
            _rows = memory.Fit(device.type, threads: 1, budget: null).Rows;
            Rows = Math.Max(1, _rows / Timesteps) * Timesteps;
        }

        /// <summary>Of a batch.</summary>
        public int Rows { get; }

        public void Run()
        {
            using var numbers =
                _options.Precision == GradientPrecision.TensorFloat32
                    ? DeviceNumbers.UseTensorFloat32(_device.type)
                    : null;
            _extractor.RunBatch(null, _rows);
        }

        /// <summary>Inner products of the features of pictures of noise, row by row above the diagonal.</summary>
        public double[] Gram(int pictures)
        {
            var features = new float[pictures][];
            var length = _extractor.Batches.Model.PictureShape.Length;
            using var numbers =
                _options.Precision == GradientPrecision.TensorFloat32
                    ? DeviceNumbers.UseTensorFloat32(_device.type)
                    : null;
            _extractor.Run(
                [
                    .. Enumerable
                        .Range(0, pictures)
                        .Select(i => new Core.Models.ModelPicture($"{i}", () => Values(i, length))),
                ],
                _rows,
                (index, feature) => features[index] = feature.Rows[_options.Kinds[0]][0],
                CancellationToken.None
            );
            return
            [
                .. from a in Enumerable.Range(0, pictures)
                from b in Enumerable.Range(0, a)
                select (double)System.Numerics.Tensors.TensorPrimitives.Dot<float>(features[a], features[b]),
            ];
        }

        public static double Correlation(double[] a, double[] b) =>
            Math.Round(MathNet.Numerics.Statistics.Correlation.Pearson(a, b), 6);

        public void Dispose()
        {
            _extractor.Dispose();
            _pool.Dispose();
        }

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
);
