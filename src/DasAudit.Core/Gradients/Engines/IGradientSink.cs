using DasAudit.Core.Gradients.Layers;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>Takes the gradients of a batch, parameter after parameter, as the backward passes bring them.</summary>
internal interface IGradientSink
{
    /// <summary>Takes over all gradients of a parameter under an output function.</summary>
    /// <param name="position">The parameter's, among the attributed ones.</param>
    void Take(int function, int position, ParameterGradients gradients);
}
