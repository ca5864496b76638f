using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>Hooks on layers that say what enters each and what the backward pass brings to it.</summary>
internal sealed class KroneckerTaps : IDisposable
{
    private const double Tolerance = 1e-3;

    private static readonly string Parameter = Settings.Name("parameters");

    private readonly IDiffusionModel _model;
    private readonly AttributedParameters _parameters;
    private readonly List<Action> _removals = [];
    private readonly List<(int Layer, Tensor Input, Tensor Output)> _calls = [];
    private bool _recording;

    public KroneckerTaps(IDiffusionModel model, string? filter)
    {
        (_model, _parameters) = (model, AttributedParameters.Select(model, filter));
        Layers = KroneckerLayer.Of(model.Network, _parameters);
        if (Layers.Count == 0)
            throw new AuditException(
                $"K-FAC knows linear and convolution layers, of which {Parameter} selects none; "
                    + "select the weight of one."
            );
        foreach (var (l, layer) in Layers.Index())
            _removals.Add(layer.Module.OnCall((input, output) => OnCall(l, input, output)));
    }

    public IReadOnlyList<KroneckerLayer> Layers { get; }

    /// <summary>Number of attributed parameters, those of other layers included.</summary>
    public int Parameters => _parameters.Count;

    /// <summary>About how many bytes one row of the last batch took.</summary>
    public long BytesPerRow { get; private set; }

    /// <summary>How many bytes a and δ of one row of the last batch took, of the layer that took most.</summary>
    public long LayerBytesPerRow { get; private set; }

    /// <summary>One forward and one backward pass of Σ_b ⟨u_b, ε̂_b⟩.</summary>
    /// <param name="directions">u, of the shape of the prediction.</param>
    /// <param name="take">
    /// Given a layer's number, its a [B, groups, I, positions] and δ [B, groups, O/groups, positions], disposed after;
    /// several calls of a layer give more positions. Not called for layers that the prediction does not depend on.
    /// </param>
    public void Run(NoisyBatch batch, Tensor directions, Action<int, Tensor, Tensor> take)
    {
        using var scope = NewDisposeScope();
        try
        {
            _recording = true;
            _parameters.RequireGradients(false);
            var deltas = Backward(batch, directions, () => [.. _calls.Select(call => call.Output)]);
            _recording = false;
            BytesPerRow = _calls.Sum(call => call.Input.numel() + 4 * call.Output.numel()) * sizeof(float) / batch.Rows;
            LayerBytesPerRow = 0;
            using var noGradient = no_grad();
            foreach (
                var calls in _calls
                    .Zip(deltas)
                    .Where(pair => !pair.Second.IsInvalid)
                    .GroupBy(pair => pair.First.Layer)
                    .OrderBy(group => group.Key)
            )
            {
                using var inner = NewDisposeScope();
                var layer = Layers[calls.Key];
                if (calls.Any(pair => pair.First.Input.shape[0] != batch.Rows))
                    throw new AuditException(
                        $"The layer {layer.Name} is called with another number of rows than the network, "
                            + $"which K-FAC cannot follow; leave it out with {Parameter}."
                    );
                var columns = cat([.. calls.Select(pair => layer.Columns(pair.First.Input))], 3);
                var brought = cat([.. calls.Select(pair => layer.Deltas(pair.Second))], 3);
                var bytes = (columns.numel() + brought.numel()) * sizeof(float) / batch.Rows;
                LayerBytesPerRow = Math.Max(LayerBytesPerRow, bytes);
                take(calls.Key, columns, brought);
            }
        }
        finally
        {
            _recording = false;
            Forget();
        }
    }

    /// <summary>
    /// Compares the gradients formed of a and δ with automatic differentiation's: a layer that is called without its
    /// hook, and weights that are shared or used as bare tensors, show.
    /// </summary>
    public void Check(NoisyBatch batch, Tensor directions)
    {
        using var scope = NewDisposeScope();
        var formed = Layers.Select(layer => zeros_like(layer.Weight).flatten(1)).ToArray();
        Run(
            batch,
            directions,
            (l, columns, deltas) =>
                formed[l].copy_(Layers[l].Gradients(columns, deltas).sum([0L]).narrow(1, 0, formed[l].shape[1]))
        );
        _parameters.RequireGradients(true);
        var expected = Backward(batch, directions, () => [.. Layers.Select(layer => layer.Weight)]);
        _parameters.RequireGradients(false);
        if (expected.Count == 0)
            return;
        using var noGradient = no_grad();
        var norms = expected.Select(gradient => gradient.IsInvalid ? 0 : gradient.norm().item<float>()).ToArray();
        var floor = 0.01 * Math.Sqrt(norms.Sum(norm => (double)norm * norm));
        foreach (var (l, layer) in Layers.Index())
        {
            var difference = (expected[l].IsInvalid ? formed[l] : expected[l].flatten(1) - formed[l])
                .norm()
                .item<float>();
            if (difference > Tolerance * Math.Max(floor, norms[l]))
                throw new AuditException(
                    $"K-FAC cannot follow the layer {layer.Name}, whose gradient is not made of its own input "
                        + $"and output; leave it out with {Parameter}."
                );
        }
    }

    public void Dispose()
    {
        Forget();
        _removals.ForEach(remove => remove());
    }

    // Empty if the prediction depends on nothing of it: libtorch would end the process.
    private List<Tensor> Backward(NoisyBatch batch, Tensor directions, Func<List<Tensor>> inputs)
    {
        using var gradients = enable_grad();
        // The input gets a gradient too: without it, libtorch's channels-last group normalisation crashes.
        var noisy = batch.Noisy.detach().requires_grad_(true);
        var sum = (_model.Predict(noisy, batch.Timesteps, batch.Condition) * directions).sum();
        var wanted = inputs();
        if (!sum.requires_grad)
            return [];
        var all = autograd.grad([sum], [.. wanted, noisy], allow_unused: true);
        return [.. all.Take(wanted.Count)];
    }

    private Tensor OnCall(int layer, Tensor input, Tensor output)
    {
        if (!_recording)
            return output;
        var own = (
            output.requires_grad ? output.alias() : output.detach().requires_grad_(true)
        ).DetachFromDisposeScope();
        _calls.Add((layer, input.detach().DetachFromDisposeScope(), own));
        // The network goes on with a copy, which it may change in place.
        return own.clone();
    }

    private void Forget()
    {
        foreach (var (_, input, output) in _calls)
        {
            input.Dispose();
            output.Dispose();
        }

        _calls.Clear();
    }
}
