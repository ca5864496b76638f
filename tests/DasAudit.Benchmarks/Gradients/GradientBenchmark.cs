using System.Text.Json;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Gradients.Projections;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Gradients;

/// <summary>
/// What per-sample gradients cost beside training: CPU time of the process per noisy sample, of ways that are run in turn in one process,
/// median of several rounds, on one thread. <c>plain</c> is a batched forward and backward pass of one scalar with weights that require
/// gradients; <c>exact</c> is the projected sum of unit gradients of one output function, <c>both</c> of the two that an audit needs;
/// <c>loop</c> is automatic differentiation one sample at a time.
/// </summary>
internal static class GradientBenchmark
{
    private const int Rounds = 9;

    public static void Run(string[] names, bool json)
    {
        TorchThreads.Use(1);
        NativeHeap.Keep();
        if (!json) Console.WriteLine($"{"model",-14} {"mode",-6} {"ms/sample",10} {"ratio",6} {"peak MB",8}");
        foreach (var name in names.Length > 0 ? names : GradientModels.Names)
        {
            foreach (var result in Measure(name))
            {
                Console.WriteLine(json
                    ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web)
                    : $"{result.Model,-14} {result.Mode,-6} {result.MsPerSample,10:F3} {result.Ratio,6:F2} {result.PeakMB,8:F0}");
            }
        }
    }

    private static List<GradientResult> Measure(string name)
    {
        using var scope = NewDisposeScope();
        using var model = GradientModels.Load(name);
        var parameters = AttributedParameters.Select(model.Network, null);
        var batch = Batch(model, rows: name.StartsWith("64", StringComparison.Ordinal) ? 10 : 20);
        var projection = new ProjectionOptions().Create(0, parameters.Count);
        using var one = new LayerwiseGradients(model, parameters, [new MeanOutput()]);
        using var both = new LayerwiseGradients(model, parameters, [new MeanOutput(), new LossOutput()]);
        using var loop = new AutogradGradients(model, parameters, [new MeanOutput()]);
        (string Mode, int Samples, Action Run)[] ways =
        [
            ("plain", batch.Rows, Plain),
            ("exact", batch.Rows, () => Exact(one, 1, batch)),
            ("both", batch.Rows, () => Exact(both, 2, batch)),
            ("loop", 4, () => Exact(loop, 1, new(batch.Name, batch.Noisy[..4], batch.Target[..4], batch.Timesteps[..4], null, batch.Passes[..4]))),
        ];

        var times = ways.Select(_ => new List<double>()).ToArray();
        var peaks = new double[ways.Length];
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var (seconds, peak) = ProcessMeasures.Of(ways[i].Run);
                if (round < 0) continue;
                times[i].Add(seconds * 1000 / ways[i].Samples);
                peaks[i] = Math.Max(peaks[i], peak);
            }
        }

        var plain = Median(times[0]);
        return [.. ways.Select((way, i) => new GradientResult(name, way.Mode, Math.Round(Median(times[i]), 3), Math.Round(Median(times[i]) / plain, 3), Math.Round(peaks[i])))];

        void Plain()
        {
            using var inner = NewDisposeScope();
            parameters.RequireGradients(true);
            var scalar = new MeanOutput().Of(model.Predict(batch.Noisy, batch.Timesteps), batch).sum();
            scalar.backward();
            model.Network.zero_grad();
        }

        void Exact(ISampleGradients gradients, int functions, NoisyBatch rows)
        {
            using var all = gradients.Differentiate(rows);
            var sums = new float[functions][];
            for (var f = 0; f < functions; f++)
            {
                sums[f] = new float[parameters.Count];
                all.AddWeightedSum(f, [.. all.Norms[f].Select(norm => (float)(1 / (rows.Rows * norm)))], sums[f]);
            }

            projection.Project(sums);
        }
    }

    private static NoisyBatch Batch(Abstractions.IDiffusionModel model, int rows)
    {
        var shape = model.SampleShape;
        using var generator = new Generator(1);
        var grid = new GradientOptions { Timesteps = rows }.TimestepGrid(model.Schedule.TrainTimesteps);
        return new NoisyBatches(model, grid, new NoiseSource(0)).Create(
            "picture", rand([1, shape.Channels, shape.Height, shape.Width], generator: generator) * 2 - 1, null, new(0, 1, 0, rows));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>One line of the result.</summary>
/// <param name="Model">Channels and side of the U-Net.</param>
/// <param name="Mode">The way.</param>
/// <param name="MsPerSample">CPU milliseconds a noisy sample.</param>
/// <param name="Ratio">To <c>plain</c>.</param>
/// <param name="PeakMB">Most memory above what was resident before.</param>
internal sealed record GradientResult(string Model, string Mode, double MsPerSample, double Ratio, double PeakMB);
