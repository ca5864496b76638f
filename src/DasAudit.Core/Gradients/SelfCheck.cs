using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Layers;

namespace DasAudit.Core.Gradients;

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
    public static string? Fault(LayerwiseGradients layerwise, AutogradGradients autograd, AttributedParameters parameters, NoisyBatch batch, GradientPrecision precision = GradientPrecision.Full)
    {
        var row = batch.Rows - 1;
        float[][] expected, actual;
        try
        {
            expected = Row(autograd, batch.Row(row), 0, parameters.Space.Count);
        }
        catch (AuditException)
        {
            // Weights that are not finite are no fault of the fast way; the first picture's error says where they are.
            return null;
        }

        try
        {
            actual = Row(layerwise, batch, row, parameters.Space.Count);
        }
        catch (LayerNotSupportedException e)
        {
            return e.Message;
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            return $"the hooks disturb the network: {e.Message.Split('\n')[0]}";
        }

        return expected.Zip(actual, (e, a) => Difference(parameters, e, a, precision == GradientPrecision.Full ? (0.01, Tolerance) : (0.1, RoundedTolerance))).FirstOrDefault(fault => fault is not null);
    }

    // The gradient of one row under each output function.
    private static float[][] Row(ISampleGradients way, NoisyBatch batch, int row, int length)
    {
        using var gradients = way.Differentiate(batch);
        var weights = new float[batch.Rows];
        weights[row] = 1;
        return [.. gradients.Norms.Select((_, f) =>
        {
            var gradient = new float[length];
            gradients.AddWeightedSum(f, weights, gradient);
            return gradient;
        })];
    }

    // A parameter's own norm measures its difference, unless it is lost in the whole: some gradients are zero but for rounding.
    private static string? Difference(AttributedParameters parameters, float[] expected, float[] actual, (double Floor, double Relative) most)
    {
        var floor = most.Floor * Math.Sqrt(SquaredNorms.Of(expected));
        var difference = expected.Zip(actual, (e, a) => e - a).ToArray();
        for (var i = 0; i < parameters.Names.Count; i++)
        {
            var (own, size) = (Norm(difference), Norm(expected));
            double Norm(float[] gradient) => Math.Sqrt(SquaredNorms.Of(parameters.Space.Part(gradient, i)));
            var relative = own / Math.Max(floor, size);
            if (relative > most.Relative) return $"the gradient of {parameters.Names[i]} differs from automatic differentiation's";
        }

        return null;
    }
}
