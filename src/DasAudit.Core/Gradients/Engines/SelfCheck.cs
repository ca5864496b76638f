using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>Compares the fast way with automatic differentiation on one row of a batch of the model at hand.</summary>
/// <remarks>Shows layers called past their hook, shared or bare weights, changes in place, and rows that mix.</remarks>
internal static class SelfCheck
{
    private const double Tolerance = 1e-4;
    private const double Floor = 0.01;

    // Both ways compute in bfloat16, but with kernels that sum in different orders, and each result is rounded to 2⁻⁸.
    private const double RoundedTolerance = 5e-2;
    private const double RoundedFloor = 0.1;

    /// <summary>Why the fast way cannot be trusted, from a batch of at least two rows; null if both agree.</summary>
    public static string? Fault(
        LayerwiseGradients layerwise,
        AutogradGradients autograd,
        AttributedParameters parameters,
        NoisyBatch batch,
        GradientPrecision precision = GradientPrecision.Full
    )
    {
        try
        {
            using var expected = autograd.Differentiate(batch.Row(batch.Rows - 1));
            using var actual = layerwise.Differentiate(batch);
            return Difference(parameters, batch, expected, actual, precision);
        }
        catch (AuditException)
        {
            // Weights that are not finite are no fault of the fast way; the first picture's error says where they are.
            return null;
        }
        catch (LayerNotSupportedException e)
        {
            return e.Message;
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            return $"the hooks disturb the network: {e.Message.Split('\n')[0]}";
        }
    }

    private static string? Difference(
        AttributedParameters parameters,
        NoisyBatch batch,
        IBatchGradients expected,
        IBatchGradients actual,
        GradientPrecision precision
    )
    {
        var isFull = precision == GradientPrecision.Full;
        var tolerance = isFull ? Tolerance : RoundedTolerance;
        var lastRow = new float[batch.Rows];
        lastRow[^1] = 1;
        // Two gradients at a time: of large models more would not fit.
        var expectedGradient = new float[parameters.Space.Count];
        var actualGradient = new float[parameters.Space.Count];
        for (var f = 0; f < expected.Norms.Length; f++)
        {
            Array.Clear(expectedGradient);
            Array.Clear(actualGradient);
            expected.AddWeightedSum(f, [1], expectedGradient);
            actual.AddWeightedSum(f, lastRow, actualGradient);
            var floor = (isFull ? Floor : RoundedFloor) * Norm(expectedGradient);
            if (DifferentParameter(parameters, expectedGradient, actualGradient, floor, tolerance) is { } name)
                return $"the gradient of {name} differs from automatic differentiation's";
            if (expected.TangentTargets[f] is not { } targets)
                continue;
            // Both contain vᵀy, whose standard deviation is √d.
            var deviation = Math.Sqrt((double)batch.Target.numel() / batch.Rows);
            var difference = Math.Abs(actual.TangentTargets[f]![^1] - targets[0]);
            if (difference > tolerance * (Math.Abs(targets[0]) + deviation))
                return "what the parameters give to the prediction differs from automatic differentiation's";
        }

        return null;
    }

    // A parameter's norm measures the difference, unless it is lost in the whole: some are zero but for rounding.
    // What is left of the difference is in the actual gradient.
    private static string? DifferentParameter(
        AttributedParameters parameters,
        float[] expected,
        float[] actual,
        double floor,
        double tolerance
    )
    {
        TensorPrimitives.Subtract(actual, expected, actual);
        for (var i = 0; i < parameters.Names.Count; i++)
        {
            var difference = Norm(parameters.Space.Part(actual, i));
            var size = Norm(parameters.Space.Part(expected, i));
            if (difference / Math.Max(floor, size) > tolerance)
                return parameters.Names[i];
        }

        return null;
    }

    private static double Norm(ReadOnlySpan<float> values) => Math.Sqrt(SquaredNorms.Of(values));
}
