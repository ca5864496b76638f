using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Devices;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

/// <summary>The gradients of one batch, layer by layer against sample by sample with autograd.</summary>
internal static class GradientComparison
{
    /// <summary>The mean prediction, the training loss, and a probe with its tangent target.</summary>
    internal static readonly IOutputFunction[] Functions =
    [
        OutputFunctions.Mean,
        OutputFunctions.Loss,
        new PictureProbeOutput(0, 3),
    ];

    /// <summary>A batch of random rows for a model.</summary>
    internal static NoisyBatch Batch(IDiffusionModel model, int rows, ConditionTensors? condition = null, int seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        var shape = model.SampleShape;
        var noisy = randn([rows, shape.Channels, shape.Height, shape.Width], generator: generator);
        var numbers = Enumerable.Range(0, rows).Select(i => 37 * (i + 1)).ToArray();
        var timesteps = tensor(numbers.Select(n => (long)n).ToArray());
        Tensor like;
        using (no_grad())
            like = model.Predict(noisy, timesteps, condition);
        return new(
            "picture",
            noisy,
            randn(like.shape, generator: generator),
            timesteps,
            condition,
            [.. numbers.Select(n => new Pass(n, 0))]
        );
    }

    /// <summary>
    /// Asserts that every sum agrees to 1e-5, and each parameter's part of it to 1e-4 of its largest value or of a
    /// hundredth of the gradient's: the bias before a normalisation has a gradient that is a sum of cancelling terms.
    /// </summary>
    internal static void AssertEqualToAutograd(
        IDiffusionModel model,
        NoisyBatch batch,
        int replicates = 1,
        string? pattern = null,
        bool metric = false,
        LograRanks? logra = null
    )
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        using var folder = new TempFolder();
        var parameters = AttributedParameters.Select(
            model,
            pattern,
            metric ? Metric(model, folder.At("moments.safetensors")) : null,
            logra,
            seed: 5
        );
        var sketched = Sketched(model, parameters, batch);
        using var layerwise = new LayerwiseGradients(model, parameters, Functions);
        using var autograd = new AutogradGradients(model, parameters, Functions);
        using var actual = layerwise.Differentiate(batch);
        using var expected = autograd.Differentiate(batch);

        Close(expected.SquaredErrors, actual.SquaredErrors);
        CompareTargets(expected.TangentTargets, actual.TangentTargets, Rest(model, batch));
        for (var f = 0; f < Functions.Length; f++)
        {
            Close(expected.Norms[f], actual.Norms[f]);
            for (var r = 0; r < replicates; r++)
            {
                var weights = expected
                    .Norms[f]
                    .Select((norm, b) => b * replicates / batch.Rows == r ? (float)(1 / norm) : 0)
                    .ToArray();
                Compare(parameters, Sum(expected, f, weights), Sum(actual, f, weights));
            }
        }

        Close(expected.SquaredErrors, Values(sketched.SquaredErrors));
        CompareTargets(
            expected.TangentTargets,
            [.. sketched.TangentTargets.Select(targets => targets is null ? null : Values(targets))],
            Rest(model, batch)
        );
        for (var f = 0; f < Functions.Length; f++)
        {
            Close(expected.Norms[f], Values(sketched.Norms[f]));
            var weights = expected.Norms[f].Select(norm => (float)(1 / norm)).ToArray();
            var sum = sketched.Sketches[f].matmul(tensor(weights));
            Compare(parameters, Sum(expected, f, weights), sum.contiguous().data<float>().ToArray());
        }

        static double[] Values(Tensor values) => [.. values.data<double>()];

        float[] Sum(IBatchGradients gradients, int function, float[] weights)
        {
            var sum = new float[parameters.Space.Count];
            gradients.AddWeightedSum(function, weights, sum);
            return sum;
        }
    }

    // By the engine for devices, on the processor, with every coordinate kept.
    private static SketchedBatch Sketched(IDiffusionModel model, AttributedParameters parameters, NoisyBatch batch)
    {
        using var engine = new DeviceGradients(
            model,
            parameters,
            Functions,
            new IdentityProjection(parameters.Space.Count)
        );
        return engine.Differentiate(batch);
    }

    // vᵀ(y − ε̂), the part of the target that the gradient has nothing to do with.
    private static double[] Rest(IDiffusionModel model, NoisyBatch batch)
    {
        using var noGradient = no_grad();
        return
        [
            .. Functions[^1]
                .Of(batch.Target - model.Predict(batch.Noisy, batch.Timesteps, batch.Condition), batch)
                .data<float>()
                .Select(value => (double)value),
        ];
    }

    private static void CompareTargets(double[]?[] expected, double[]?[] actual, double[] rest)
    {
        Assert.Equal([true, true, false], expected.Select(targets => targets is null));
        Assert.Equal([true, true, false], actual.Select(targets => targets is null));
        var products = expected[^1]!.Zip(rest, (target, part) => target - part).ToArray();
        var largest = products.Max(Math.Abs);
        Assert.True(largest > 1e-3, "the gradient has no part along the parameters");
        foreach (var (expectedTarget, actualTarget) in expected[^1]!.Zip(actual[^1]!))
            Assert.Equal(expectedTarget, actualTarget, 2e-5 * largest);
    }

    // Second moments of all sizes.
    private static AdamMetric Metric(IDiffusionModel model, string path)
    {
        using var generator = new Generator(11);
        SafetensorsWriter.Write(
            path,
            [
                .. model
                    .Network.named_parameters()
                    .Select(p => (p.name, rand(p.parameter.shape, generator: generator).square())),
            ]
        );
        return AdamMetric.Open(path);
    }

    // Of the largest value of a parameter, or a hundredth of the largest of all. With AVX-512 a bias's sum, over rows
    // that cancel, differs by 1.1e-4.
    private const float Tolerance = 2e-4f;

    private static void Compare(AttributedParameters parameters, float[] expected, float[] actual)
    {
        var floor = 1e-2f * expected.Max(Math.Abs);
        Assert.True(floor > 0, "the gradient is zero");
        for (var p = 0; p < parameters.Names.Count; p++)
        {
            var expectedPart = parameters.Space.Part(expected, p).ToArray();
            var actualPart = parameters.Space.Part(actual, p).ToArray();
            var largest = Math.Max(floor, expectedPart.Max(Math.Abs));
            var difference = expectedPart.Zip(actualPart, (a, b) => Math.Abs(a - b)).Max() / largest;
            Assert.True(difference < Tolerance, $"{parameters.Names[p]}: relative difference {difference:E1}");
        }

        var squares =
            expected.Zip(actual, (a, b) => ((double)a - b) * (a - b)).Sum() / expected.Sum(a => (double)a * a);
        Assert.True(squares < 1e-10, $"relative difference {Math.Sqrt(squares):E1}");
    }

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i] / expected[i], 1 - 1e-5, 1 + 1e-5);
    }
}
