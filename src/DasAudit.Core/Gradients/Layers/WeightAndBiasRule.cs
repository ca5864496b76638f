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

    /// <summary>
    /// What the attributed parameters give to the layer's output, which is linear in them, such as W·a of W·a + b: its
    /// inner product with δ is that of the parameters with their gradient, whatever form that is kept in.
    /// </summary>
    /// <returns>Of the output's shape.</returns>
    public virtual Tensor Share(Tensor input, Tensor output, Tensor? bias, Attributed attributed)
    {
        if (!attributed.Weight)
            return bias!.expand_as(output);
        return bias is null || attributed.Bias ? output : output - bias;
    }

    public void Dispose() => Owned?.Dispose();

    /// <summary>What the rule owns; null for nothing.</summary>
    protected virtual IDisposable? Owned => null;

    /// <summary>Refuses an input that the rule does not know.</summary>
    /// <exception cref="LayerNotSupportedException">It is one.</exception>
    protected virtual void Check(Tensor input) { }

    /// <summary>δ in the order in which <see cref="Weights"/> and <see cref="Bias"/> take it.</summary>
    protected virtual Tensor Arranged(Tensor delta) => delta;

    /// <summary>The gradients of the weight, for each output function.</summary>
    protected abstract ParameterGradients[] Weights(Tensor input, Tensor[] deltas);

    /// <summary>The gradients of the bias, float32 [B, …], in memory that nobody else uses.</summary>
    /// <param name="delta">δ, arranged.</param>
    protected abstract Tensor Bias(Tensor delta);

    /// <summary>Gradients of weight and bias.</summary>
    protected static ParameterGradients?[] Pair(ParameterGradients? weight, Tensor? bias) =>
        [weight, bias is null ? null : new DenseGradients(bias)];
}
