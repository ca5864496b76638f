using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>
/// What per-sample gradients cost beside training: CPU time of the process per noisy sample, of ways that are run in turn in one process,
/// median of several rounds, on one thread; and each way's peak of memory, in a round of its own. <c>plain</c> is a batched forward and backward pass of one scalar with weights that require
/// gradients; <c>exact</c> is the projected sum of unit gradients of one output function, <c>both</c> of the two that an audit needs;
/// <c>bf16</c> is <c>exact</c> with products in bfloat16; <c>loop</c> is automatic differentiation one sample at a time.
/// </summary>
internal static class GradientBenchmark
{
    private const int MostRounds = 9;
    private const int LoopRows = 2;
    private const double SecondsAModel = 30;

    public static void Run(string[] names, bool json)
    {
        TorchThreads.Use(1);
        NativeHeap.Keep();
        if (!json)
            Console.WriteLine(
                $"{"model", -17} {"mode", -6} {"ms/sample", 10} {"ratio", 6} {"peak MB", 8} {"cosine", 9} {"norm", 8}"
            );
        foreach (var name in names.Length > 0 ? names : GradientModels.Names)
        {
            foreach (var result in Measure(name))
            {
                Console.WriteLine(
                    json
                        ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web)
                        : $"{result.Model, -17} {result.Mode, -6} {result.MsPerSample, 10:F3} {result.Ratio, 6:F2} {result.PeakMB, 8:F0} {result.Cosine, 9:F6} {result.Norm, 8:F5}"
                );
            }
        }
    }

    private static List<GradientResult> Measure(string name)
    {
        using var scope = NewDisposeScope();
        var (bare, rows) = GradientModels.Load(name);
        using var plainModel = bare;
        using var hooked = GradientModels.Load(name).Model;
        var plainParameters = AttributedParameters.Select(bare.Network, null);
        var batch = Batch(bare, rows);
        using var exact = new Way(hooked, rows, [FeatureKind.UnitMean], "sjlt:4096");
        using var both = new Way(hooked, rows, [FeatureKind.UnitMean, FeatureKind.UnitLoss], "sjlt:4096");
        using var logra = new Way(hooked, rows, [FeatureKind.UnitMean], "logra:16x8");
        using var rounded = GradientModels.Load(name).Model;
        ReducedPrecision.UseBFloat16(rounded.Network);
        using var bf16 = new Way(rounded, rows, [FeatureKind.UnitMean], "sjlt:4096");
        using var loop = new Way(hooked, LoopRows, [FeatureKind.UnitMean], "sjlt:4096", layerwise: false);
        (string Mode, int Samples, Action Run)[] ways =
        [
            ("plain", rows, Plain),
            ("exact", rows, () => exact.Run(batch)),
            ("both", rows, () => both.Run(batch)),
            ("logra", rows, () => logra.Run(batch)),
            ("bf16", rows, () => bf16.Run(batch)),
            ("loop", LoopRows, () => loop.Run(First(batch, LoopRows))),
        ];

        Array.ForEach(ways, way => way.Run());
        var (full, reduced) = (exact.Run(batch), bf16.Run(batch));
        var peaks = ways.Select(way => ProcessMeasures.PeakMB(way.Run)).ToArray();
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var (round, spent) = (0, 0.0); round < MostRounds && (round < 3 || spent < SecondsAModel); round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var seconds = ProcessMeasures.Seconds(ways[i].Run);
                spent += seconds;
                times[i].Add(seconds * 1000 / ways[i].Samples);
            }
        }

        var plain = Median(times[0]);
        return
        [
            .. ways.Select(
                (way, i) =>
                    new GradientResult(
                        name,
                        way.Mode,
                        Math.Round(Median(times[i]), 3),
                        Math.Round(Median(times[i]) / plain, 3),
                        Math.Round(peaks[i])
                    )
                    {
                        Cosine =
                            way.Mode == "bf16"
                                ? TensorPrimitives.CosineSimilarity(
                                    full.Rows[FeatureKind.UnitMean][0],
                                    reduced.Rows[FeatureKind.UnitMean][0]
                                )
                                : null,
                        Norm =
                            way.Mode == "bf16"
                                ? Math.Round(
                                    full.GradientNorms["mean"][0]
                                        .Zip(reduced.GradientNorms["mean"][0], (a, b) => b / a)
                                        .MaxBy(r => Math.Abs(r - 1)),
                                    5
                                )
                                : null,
                    }
            ),
        ];

        void Plain()
        {
            using var inner = NewDisposeScope();
            plainParameters.RequireGradients(true);
            new MeanOutput().Of(bare.Predict(batch.Noisy, batch.Timesteps), batch).sum().backward();
            bare.Network.zero_grad();
        }
    }

    private static NoisyBatch First(NoisyBatch batch, int rows) =>
        new(batch.Name, batch.Noisy[..rows], batch.Target[..rows], batch.Timesteps[..rows], null, batch.Passes[..rows]);

    private static NoisyBatch Batch(IDiffusionModel model, int rows)
    {
        var shape = model.SampleShape;
        using var generator = new Generator(1);
        var options = new GradientOptions { Timesteps = rows, Replicates = 1 };
        var clean = rand([1, shape.Channels, shape.Height, shape.Width], generator: generator) * 2 - 1;
        return options.Batches(model).Create("picture", clean, null, new(0, 1, 0, rows));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>A way of taking a picture's features, as the engine does it: gradients of the timesteps, their average, its projection.</summary>
internal sealed class Way : IDisposable
{
    private readonly ISampleGradients _gradients;
    private readonly FeatureRows _rows;
    private readonly BatchPlan _plan;

    public Way(IDiffusionModel model, int timesteps, FeatureKind[] kinds, string projection, bool layerwise = true)
    {
        var options = new GradientOptions
        {
            Kinds = kinds,
            Timesteps = timesteps,
            Replicates = 1,
            Projection = ProjectionOptions.Parse(projection),
        };
        var parameters = AttributedParameters.Select(model.Network, null, logra: options.Projection.Logra);
        IOutputFunction[] functions =
        [
            .. kinds.Select(kind => OutputFunctions.Create(kind.Function, model.Schedule, 0)),
        ];
        _gradients = layerwise
            ? new LayerwiseGradients(model, parameters, functions)
            : new AutogradGradients(model, parameters, functions);
        _rows = new(
            options,
            [.. kinds.Select(kind => kind.Function)],
            timesteps,
            options.Projection.Create(0, parameters.Space.Count),
            parameters.Space.Count
        );
        _plan = new(0, 1, 0, timesteps);
    }

    public PictureFeatures Run(NoisyBatch batch)
    {
        using var gradients = _gradients.Differentiate(batch);
        _rows.Start();
        _rows.Add(gradients, _plan);
        return _rows.Finish();
    }

    public void Dispose() => _gradients.Dispose();
}

/// <summary>One line of the result.</summary>
/// <param name="Model">The U-Net, by channels and side.</param>
/// <param name="Mode">The way.</param>
/// <param name="MsPerSample">CPU milliseconds a noisy sample.</param>
/// <param name="Ratio">To <c>plain</c>.</param>
/// <param name="PeakMB">Most memory above what the model takes at rest.</param>
internal sealed record GradientResult(string Model, string Mode, double MsPerSample, double Ratio, double PeakMB)
{
    /// <summary>Cosine of the feature with that of <c>exact</c>; only of <c>bf16</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cosine { get; init; }

    /// <summary>Norm of a pass's gradient over that of <c>exact</c>, of the pass that is farthest off; only of <c>bf16</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Norm { get; init; }
}
