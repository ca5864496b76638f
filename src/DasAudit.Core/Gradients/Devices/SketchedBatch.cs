using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>What a batch of B passes gave, on the device.</summary>
/// <param name="SquaredErrors">(1/d)·‖ε̂ − y‖² of each row, float64 [B].</param>
/// <param name="Norms">‖g‖ of each row over all attributed parameters, by output function: float64 [B].</param>
/// <param name="Sketches">Pᵀg of each row, by output function: float32 [k, B].</param>
/// <param name="TangentTargets">By output function, float64 [B]; null for one without.</param>
internal sealed record SketchedBatch(Tensor SquaredErrors, Tensor[] Norms, Tensor[] Sketches, Tensor?[] TangentTargets)
{
    public void MoveToOuterDisposeScope()
    {
        SquaredErrors.MoveToOuterDisposeScope();
        foreach (var tensor in Norms.Concat(Sketches).Concat(TangentTargets.OfType<Tensor>()))
            tensor.MoveToOuterDisposeScope();
    }
}
