using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Platforms;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>
/// What per-sample gradients cost beside training: CPU time of the process per noisy sample, of ways that are run in
/// turn in one process, median of several rounds, on one thread; and each way's peak of memory, in a round of its own.
/// <c>plain</c> is a batched forward and backward pass of one scalar with weights that require gradients; <c>exact</c>
/// is the projected sum of unit gradients of one output function, <c>both</c> of the two that an audit needs;
/// <c>bf16</c> is <c>exact</c> with products in bfloat16; <c>loop</c> is automatic differentiation one sample at a
/// time.
/// </summary>
internal static class GradientBenchmark
{
    private const int MostRounds = 9;
    private const int LoopRows = 2;
    private const double SecondsAModel = 30;

    public static void Run(string[] names, bool json)
    {
        TorchThreads.Use(1);
        Platform.Current.KeepFreedMemory();
        Output.WriteHeader(
            json,
            $"{"model", -17} {"mode", -6} {"ms/sample", 10} {"ratio", 6} {"peak MB", 8} {"cosine", 9} {"norm", 8}"
        );
        foreach (var name in names.Length > 0 ? names : GradientModels.Names)
        {
            foreach (var result in Measure(name))
            {
                Output.Write(
                    json,
                    result,
                    $"{result.Model, -17} {result.Mode, -6} {result.MsPerSample, 10:F3} {result.Ratio, 6:F2}",
                    $"{result.PeakMB, 8:F0} {result.Cosine, 9:F6} {result.Norm, 8:F5}"
                );
            }
        }
    }

    private static List<GradientResult> Measure(string name)
    {
        using var scope = NewDisposeScope();
        var (plain, rows) = GradientModels.Load(name);
        using var plainModel = plain;
        using var hooked = GradientModels.Load(name).Model;
        var plainParameters = AttributedParameters.Select(plain, null);
        var batch = Batch(plain, rows);
        using var exact = new Way(hooked, rows, [FeatureKind.UnitMean], "sjlt:4096");
        using var both = new Way(hooked, rows, [FeatureKind.UnitMean, FeatureKind.UnitLoss], "sjlt:4096");
        using var logra = new Way(hooked, rows, [FeatureKind.UnitMean], "logra:16x8");
        using var rounded = GradientModels.Load(name).Model;
        ReducedPrecision.Use(rounded.Network, ScalarType.BFloat16);
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
        var full = exact.Run(batch);
        var reduced = bf16.Run(batch);
        var peaks = ways.Select(way => ProcessMeasures.PeakMB(way.Run)).ToArray();
        var times = ways.Select(_ => new List<double>()).ToArray();
        var spent = 0.0;
        for (var round = 0; round < MostRounds && (round < 3 || spent < SecondsAModel); round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var seconds = ProcessMeasures.Seconds(ways[i].Run);
                spent += seconds;
                times[i].Add(seconds * 1000 / ways[i].Samples);
            }
        }

        var medians = times.Select(Median).ToArray();
        return [.. ways.Select((way, i) => Result(way.Mode, medians[i], peaks[i]))];

        GradientResult Result(string mode, double milliseconds, double peak)
        {
            var ratio = Math.Round(milliseconds / medians[0], 3);
            var result = new GradientResult(name, mode, Math.Round(milliseconds, 3), ratio, Math.Round(peak));
            return mode == "bf16" ? result with { Cosine = Cosine(full, reduced), Norm = Norm(full, reduced) } : result;
        }

        void Plain()
        {
            using var inner = NewDisposeScope();
            plainParameters.RequireGradients(true);
            OutputFunctions
                .Mean.Of(plain.Predict(batch.Noisy, batch.Timesteps, batch.Condition), batch)
                .sum()
                .backward();
            plain.Network.zero_grad();
        }
    }

    private static double Cosine(PictureFeatures full, PictureFeatures reduced) =>
        TensorPrimitives.CosineSimilarity(full.Rows[FeatureKind.UnitMean][0], reduced.Rows[FeatureKind.UnitMean][0]);

    private static double Norm(PictureFeatures full, PictureFeatures reduced)
    {
        var ratios = full.GradientNorms["mean"][0].Zip(reduced.GradientNorms["mean"][0], (a, b) => b / a);
        return Math.Round(ratios.MaxBy(ratio => Math.Abs(ratio - 1)), 5);
    }

    private static NoisyBatch First(NoisyBatch batch, int rows) =>
        new(
            batch.Name,
            batch.Noisy[..rows],
            batch.Target[..rows],
            batch.Timesteps[..rows],
            batch.Condition?.Select(tensor => tensor[..rows]),
            batch.Passes[..rows]
        );

    private static NoisyBatch Batch(IDiffusionModel model, int rows)
    {
        var shape = model.SampleShape;
        using var generator = new Generator(1);
        var options = new GradientOptions { Timesteps = rows, Replicates = 1 };
        var clean = rand([1, shape.Channels, shape.Height, shape.Width], generator: generator) * 2 - 1;
        var condition = (model as IConditioned)?.EncodeConditions([new(0, "a picture")]);
        return options.Batches(model).Create("picture", clean, condition, new(0, 1, 0, rows));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
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

    /// <summary>Norm of the gradient farthest off over that of <c>exact</c>; only of <c>bf16</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Norm { get; init; }
}
