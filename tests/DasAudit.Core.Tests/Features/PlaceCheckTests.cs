using DasAudit.Core.Features;
using DasAudit.Core.Gradients.Devices;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

public sealed class PlaceCheckTests
{
    // Two noise draws of two timesteps in a batch that a fifth row fills up.
    private static readonly DrawWindow Window = new(0, 2, 2, 2);

    [Theory]
    [InlineData(0f, 0.0, true)]
    [InlineData(1e-6f, 0.0, false)]
    [InlineData(0f, 1e-15, false)]
    public void A_bit_of_a_sketch_or_a_norm_that_differs_is_noticed(float sketch, double norm, bool isSame)
    {
        using var scope = NewDisposeScope();
        var batch = Batch([1, 2, 3, 4, 9], 0, 0);
        // The draws change places; what fills up does not count.
        var reversed = Batch([3, 4, 1, 2, 7], sketch, norm);

        Assert.Equal(isSame, PlaceCheck.HasSameBits(batch, reversed, draws: 2, Window));
    }

    // The third row is moved.
    private static SketchedBatch Batch(float[] values, float sketch, double norm)
    {
        float[] sketches = [.. values];
        sketches[2] += sketch;
        double[] norms = [.. values.Select(value => (double)value)];
        norms[2] += norm;
        return new(zeros(5, dtype: float64), [tensor(norms)], [tensor(sketches).unsqueeze(0)], [null]);
    }
}
