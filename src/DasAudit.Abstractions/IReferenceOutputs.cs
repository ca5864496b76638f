using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>
/// The face of an <see cref="IDiffusionModel"/> that also computes what lies behind its predictions, such as the
/// embeddings of a prompt, so that <c>adapters check</c> can compare them with those of another implementation.
/// Attribution never asks for it.
/// </summary>
public interface IReferenceOutputs
{
    /// <summary>Computes a tensor of a reference run.</summary>
    /// <param name="name">Such as <c>text/last_hidden_state</c>; docs/adapters.md lists the usual ones.</param>
    /// <param name="inputs">
    /// The run's inputs by name, such as <c>text/input_ids</c>, on the model's device; they stay the caller's.
    /// </param>
    /// <returns>
    /// The tensor, which the caller disposes; null for a name or inputs that the model does not know.
    /// </returns>
    Tensor? Compute(string name, IReadOnlyDictionary<string, Tensor> inputs);
}
