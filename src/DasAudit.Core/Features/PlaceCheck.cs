using DasAudit.Core.Gradients.Devices;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Whether the gradients of a noise draw have the same bits wherever the draw stands in a batch and whatever stands
/// beside it. A device's kernels may make it otherwise.
/// </summary>
internal static class PlaceCheck
{
    /// <param name="draws">How many noise draws the batches begin with, one after the other.</param>
    /// <param name="reversed">The same draws in reversed order.</param>
    public static bool HasSameBits(SketchedBatch batch, SketchedBatch reversed, int draws, DrawWindow window)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return Enumerable.Range(0, batch.Sketches.Length).All(IsSame);

        bool IsSame(int function) =>
            AreSame(batch.Sketches[function], reversed.Sketches[function])
            && AreSame(batch.Norms[function].unsqueeze(0), reversed.Norms[function].unsqueeze(0));

        // Both [k, B].
        bool AreSame(Tensor columns, Tensor turned) => ByDraw(columns).flip(1).eq(ByDraw(turned)).all().item<bool>();

        // [k, draws, slots]
        Tensor ByDraw(Tensor columns) => columns.narrow(1, 0, draws * window.Slots).unflatten(1, draws, window.Slots);
    }
}
