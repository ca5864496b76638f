using System.Numerics.Tensors;
using DasAudit.Core.Gradients.Devices;

namespace DasAudit.Core.Features;

/// <summary>What a batch gave, on the processor.</summary>
/// <param name="values">
/// Squared errors [B], norms [B] of each output function, tangent targets [B] of those that have them, and of each kind
/// its features, [draws, k] or [B, k].
/// </param>
/// <param name="rows">B.</param>
internal sealed class PackedBatch(double[] values, int rows, SketchedBatch batch, IReadOnlyList<FeatureKind> kinds)
{
    private readonly int _functions = batch.Norms.Length;

    /// <summary>Gives the pictures of the draws what is theirs.</summary>
    /// <returns>The first row whose gradient is zero or not finite; null if there is none.</returns>
    public UselessRow? GiveTo(IReadOnlyList<Draw> draws, DrawWindow window)
    {
        for (var d = 0; d < draws.Count; d++)
        for (var t = 0; t < window.Timesteps; t++)
        {
            var row = d * window.Slots + t;
            var norms = Enumerable.Range(0, _functions).Select(f => Vector(1 + f)[row]).ToArray();
            if (Array.FindIndex(norms, norm => norm == 0 || !double.IsFinite(norm)) is >= 0 and var function)
                return new(row, d, function);
            var features = draws[d].Picture.Features!;
            features.SetPass(draws[d].Replicate, window.First + t, Vector(0)[row], norms, Targets(row));
        }
        GiveFeatures(draws, window);
        return null;
    }

    private void GiveFeatures(IReadOnlyList<Draw> draws, DrawWindow window)
    {
        var start = (1 + _functions + batch.TangentTargets.Count(targets => targets is not null)) * rows;
        foreach (var (k, kind) in kinds.Index())
        {
            var dimension = (int)batch.Sketches[0].shape[0];
            var count = kind.Apart ? rows : rows / window.Slots;
            for (var d = 0; d < draws.Count; d++)
            {
                var features = draws[d].Picture.Features!;
                var replicate = draws[d].Replicate;
                if (!kind.Apart)
                    features.AddAverage(k, replicate, Row(d), isFirst: window.First == 0);
                for (var t = 0; kind.Apart && t < window.Timesteps; t++)
                    features.SetApart(k, replicate, window.First + t, ToFloats(Row(d * window.Slots + t)));
            }
            start += count * dimension;

            ReadOnlySpan<double> Row(int row) => values.AsSpan(start + row * dimension, dimension);
        }
    }

    private static float[] ToFloats(ReadOnlySpan<double> values)
    {
        var floats = new float[values.Length];
        TensorPrimitives.ConvertTruncating(values, floats);
        return floats;
    }

    private double?[] Targets(int row)
    {
        var next = 1 + _functions;
        return [.. batch.TangentTargets.Select(targets => targets is null ? (double?)null : Vector(next++)[row])];
    }

    private ReadOnlySpan<double> Vector(int number) => values.AsSpan(number * rows, rows);
}
