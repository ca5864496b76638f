using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>Sketches of vectors that belong to no layer, made where they lie.</summary>
/// <param name="part">Where the coordinates go.</param>
/// <param name="length">n.</param>
/// <param name="dimension">k.</param>
internal sealed class RowSketch(ProjectionPart part, int length, int dimension, Device device) : IDisposable
{
    private readonly EmbeddingBags _sums = new();
    private SketchPlan? _plan;

    /// <summary>Pᵀv of each row: float32 [B, n] → [B, k], in the caller's dispose scope.</summary>
    public Tensor Of(Tensor rows)
    {
        _plan ??= new([new(part, length, KernelLength: 1, Outputs: 1)], device, _sums);
        var sketches = zeros([dimension, rows.shape[0]], device: device);
        _plan.Add(rows, sketches);
        return sketches.t().contiguous();
    }

    public void Dispose()
    {
        _plan?.Dispose();
        _sums.Dispose();
    }
}
