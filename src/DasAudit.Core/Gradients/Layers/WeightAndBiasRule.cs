using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>What the rules of layers with a weight and perhaps a bias share.</summary>
internal abstract class WeightAndBiasRule : ILayerRule
{
    public ParameterGradients?[][] Compute(Tensor input, Tensor[] deltas, Attributed attributed)
    {
        Check(input);
        var arranged = Array.ConvertAll(deltas, Arranged);
        var weights = attributed.Weight ? Weights(input, arranged) : new ParameterGradients?[deltas.Length];
        return [.. arranged.Zip(weights, (delta, weight) => Pair(weight, attributed.Bias ? Bias(delta) : null))];
    }

    /// <summary>The attributed parameters' share of the output, linear in them, such as W·a of W·a + b.</summary>
    /// <remarks>It has the output's shape; ⟨share, δ⟩ is ⟨parameters, gradient⟩ in any form of the gradient.</remarks>
    public virtual Tensor Share(Tensor input, Tensor output, Tensor? bias, Attributed attributed)
    {
        if (!attributed.Weight)
            return bias!.expand_as(output);
        return bias is null || attributed.Bias ? output : output - bias;
    }

    public void Dispose() => Owned?.Dispose();

    protected virtual IDisposable? Owned => null;

    /// <summary>Refuses an input that the rule does not know.</summary>
    protected virtual void Check(Tensor input) { }

    /// <summary>δ in the order in which <see cref="Weights"/> and <see cref="Bias"/> take it.</summary>
    protected virtual Tensor Arranged(Tensor delta) => delta;

    protected abstract ParameterGradients[] Weights(Tensor input, Tensor[] deltas);

    /// <summary>The gradients of the bias from arranged δ, float32 [B, …], in memory that nobody else uses.</summary>
    protected abstract Tensor Bias(Tensor delta);

    protected static ParameterGradients?[] Pair(ParameterGradients? weight, Tensor? bias) =>
        [weight, bias is null ? null : new DenseGradients(bias)];
}
