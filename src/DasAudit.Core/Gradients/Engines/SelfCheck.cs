using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>
/// Compares the fast way with automatic differentiation on one row of a batch of the model at hand: a layer that is called without its hook,
/// weights that are shared or used as bare tensors, values changed in place, and rows that mix all show.
/// </summary>
internal static class SelfCheck
{
    private const double Tolerance = 1e-4;

    // Both ways compute in bfloat16, but with kernels that sum in different orders, and each result is rounded to 2⁻⁸.
    private const double RoundedTolerance = 5e-2;

    /// <summary>Finds out why the fast way cannot be trusted.</summary>
    /// <param name="layerwise">The fast way.</param>
    /// <param name="autograd">The reference.</param>
    /// <param name="parameters">What is differentiated.</param>
    /// <param name="batch">At least two rows.</param>
    /// <param name="precision">In which numbers the network computes.</param>
    /// <returns>The reason; null if both agree.</returns>
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
            // Two gradients at a time: of large models more would not fit.
            var (theirs, ours) = (new float[parameters.Space.Count], new float[parameters.Space.Count]);
            (double Floor, double Relative) most =
                precision == GradientPrecision.Full ? (0.01, Tolerance) : (0.1, RoundedTolerance);
            var last = new float[batch.Rows];
            last[^1] = 1;
            for (var f = 0; f < expected.Norms.Length; f++)
            {
                Array.Clear(theirs);
                Array.Clear(ours);
                expected.AddWeightedSum(f, [1], theirs);
                actual.AddWeightedSum(f, last, ours);
                if (Difference(parameters, theirs, ours, most) is { } fault)
                    return fault;
                // Of both, the part vᵀy has the standard deviation √d.
                if (
                    expected.TangentTargets[f] is [var target]
                    && Math.Abs(actual.TangentTargets[f]![^1] - target)
                        > most.Relative * (Math.Abs(target) + Math.Sqrt((double)batch.Target.numel() / batch.Rows))
                )
                    return "what the parameters give to the prediction differs from automatic differentiation's";
            }

            return null;
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

    // What is left of the difference is in the actual gradient. A parameter's own norm measures it, unless it is lost in the whole: some
    // gradients are zero but for rounding.
    private static string? Difference(
        AttributedParameters parameters,
        float[] expected,
        float[] actual,
        (double Floor, double Relative) most
    )
    {
        var floor = most.Floor * Math.Sqrt(SquaredNorms.Of(expected));
        TensorPrimitives.Subtract(actual, expected, actual);
        for (var i = 0; i < parameters.Names.Count; i++)
        {
            var (own, size) = (Norm(actual), Norm(expected));
            double Norm(float[] gradient) => Math.Sqrt(SquaredNorms.Of(parameters.Space.Part(gradient, i)));
            var relative = own / Math.Max(floor, size);
            if (relative > most.Relative)
                return $"the gradient of {parameters.Names[i]} differs from automatic differentiation's";
        }

        return null;
    }
}
