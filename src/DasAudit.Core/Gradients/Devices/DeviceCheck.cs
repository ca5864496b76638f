using System.Runtime.InteropServices;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Numerics;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>
/// Compares sketches with those of automatic differentiation's gradients, projected on the processor.
/// </summary>
internal static class DeviceCheck
{
    private const double Tolerance = 1e-3;

    // Both ways compute in bfloat16, but with kernels that sum in different orders.
    private const double RoundedTolerance = 5e-2;

    /// <summary>Why the engine cannot be trusted, from a batch of at least two rows; null if both agree.</summary>
    public static string? Fault(
        DeviceGradients engine,
        AutogradGradients autograd,
        IProjection projection,
        AttributedParameters parameters,
        NoisyBatch batch,
        GradientPrecision precision
    )
    {
        try
        {
            using var scope = NewDisposeScope();
            var sketched = engine.Differentiate(batch);
            using var expected = autograd.Differentiate(batch.Row(batch.Rows - 1));
            var tolerance = precision == GradientPrecision.Full ? Tolerance : RoundedTolerance;
            for (var f = 0; f < sketched.Sketches.Length; f++)
            {
                var gradient = new float[parameters.Space.Count];
                expected.AddWeightedSum(f, [1], gradient);
                var projected = projection.Project([gradient])[0];
                var actual = sketched.Sketches[f][.., batch.Rows - 1].cpu().contiguous().data<float>().ToArray();
                var norm = sketched.Norms[f][batch.Rows - 1].item<double>();
                var isFar = Distance(projected, actual) > tolerance * Length(projected);
                if (isFar || Math.Abs(norm - expected.Norms[f][0]) > tolerance * expected.Norms[f][0])
                    return "gradients of whole batches differ from automatic differentiation's";
            }
            return null;
        }
        catch (AuditException)
        {
            // Weights that are not finite are no fault of the engine; the first picture's error says where they are.
            return null;
        }
        catch (LayerNotSupportedException e)
        {
            return e.Message;
        }
        catch (ExternalException e)
        {
            return $"the hooks disturb the network: {e.Message.Split('\n')[0]}";
        }
    }

    private static double Distance(float[] a, float[] b) => Length([.. a.Zip(b, (x, y) => x - y)]);

    private static double Length(float[] values) => Math.Sqrt(SquaredNorms.Of(values));
}
